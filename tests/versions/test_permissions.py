"""Default permissions on a server of any tested version: partial, put right, reset, checked against what it knows."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest

from owui_sync.kinds.permission_names import SINCE
from owui_sync.sandbox.paths import locked
from tests.support.project import Project, causes, changes
from tests.support.server import Server

PATH = "/api/v1/users/default/permissions"
ADDRESS = "permissions/default"


@pytest.fixture
def first(project: Project, server: Server) -> Iterator[Any]:
    """The permissions before the test. A server has them once, so tests take turns and leave them as they were."""
    with locked("pytest-permissions"):
        before = server.get(PATH)
        yield before
        project.write("")
        project.apply()
        server.post(PATH, before)


def edited(permissions: Any, **sections: dict[str, bool]) -> Any:
    result = deepcopy(permissions)
    for section, some in sections.items():
        result[section].update(some)
    return result


def test_only_what_is_written_changes_and_then_the_plan_is_empty(project: Project, server: Server, first: Any) -> None:
    project.write("permissions: {chat: {delete: false, edit: true}, workspace: {models: true}}")
    assert causes(project.plan()) == {f"{ADDRESS} chat.delete": "manifest", f"{ADDRESS} workspace.models": "manifest"}
    assert changes(project.apply()) == {ADDRESS: "adopt"}
    assert server.get(PATH) == edited(first, chat={"delete": False}, workspace={"models": True})
    assert changes(project.plan()) == {}


def test_what_others_change_is_put_right_where_it_is_managed_and_left_where_not(
    project: Project, server: Server, first: Any
) -> None:
    project.write("permissions: {chat: {delete: false}}")
    project.apply()
    server.post(PATH, edited(first, chat={"delete": True, "edit": False}))
    assert causes(project.plan()) == {f"{ADDRESS} chat.delete": "drift"}
    project.apply()
    assert server.get(PATH) == edited(first, chat={"delete": False, "edit": False})


def test_what_is_no_longer_written_goes_back_to_what_the_server_starts_with(
    project: Project, server: Server, first: Any
) -> None:
    project.write("permissions: {chat: {delete: false}, sharing: {public_tools: true}, features: {notes: false}}")
    project.apply()
    project.write("permissions: {features: {notes: false}}")
    assert set(causes(project.plan()).values()) == {"reset"}
    project.apply()
    assert server.get(PATH) == edited(first, features={"notes": False})
    project.write("")
    assert causes(project.plan()) == {f"{ADDRESS} features.notes": "reset"}
    project.apply()
    assert server.get(PATH) == first
    assert changes(project.plan()) == {}


def test_a_permission_that_the_server_does_not_know_is_refused_with_its_place(
    project: Project, server: Server, first: Any
) -> None:
    project.write("permissions:\n  chat:\n    delete: false\n    delet: false\n")
    ran = project.run("plan", ".")
    assert ran.code == 1
    assert "manifest.yaml:6:5" in ran.err
    assert "knows no permission `chat.delet`" in ran.err
    assert "did you mean `chat.delete`?" in ran.err
    assert server.get(PATH) == first


def test_a_permission_of_a_newer_version_is_refused_with_that_version(
    project: Project, server: Server, first: Any
) -> None:
    newer = {path: since for path, since in SINCE.items() if tuple(map(int, since.split("."))) > server.version}
    for path, since in newer.items():
        section, _, name = path.partition(".")
        project.write(f"permissions: {{{section}: {{{name}: true}}}}")
        ran = project.run("plan", ".")
        assert ran.code == 1
        assert f"Open WebUI {since} knows it" in ran.err


def test_the_table_of_permissions_is_what_this_version_knows(server: Server, first: Any) -> None:
    known = {f"{section}.{name}" for section, some in first.items() for name in some}
    table = {path for path, since in SINCE.items() if tuple(map(int, since.split("."))) <= server.version}
    assert known & SINCE.keys() == table
    assert len(known - table) == 47


def test_a_server_that_nobody_changed_has_its_defaults(project: Project, server: Server, first: Any) -> None:
    """What `export` leaves out, and what a reset goes back to; the sandbox of 0.6 switches API keys on by itself."""
    everything = {section: dict.fromkeys(some, True) for section, some in first.items()}
    project.write("permissions: " + str(everything).replace("True", "true").replace("'", ""))
    project.apply()
    project.write("")
    # On old versions the API key that is used here needs the permission that goes back to its default.
    project.apply("--allow-lockout")
    expected = edited(first, features={"api_keys": False}) if server.old else first
    assert server.get(PATH) == expected
