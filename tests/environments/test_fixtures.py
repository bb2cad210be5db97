"""The fixtures `applied` and `client_as`, as a project uses them; the page of documentation shows this example."""

from __future__ import annotations

from pathlib import Path

import pytest

from owui_sync.client.errors import ApiError
from owui_sync.errors import OwuiSyncError
from owui_sync.pytest_plugin import Apply, ClientAs
from owui_sync.sandbox.errors import SignInFailed

pytestmark = pytest.mark.slow

MANIFEST = """
version: 1
stack: fixtures
users:
  fix-agent@example.com: {name: Agent, role: user, password: !secret AGENT_PASSWORD}
  fix-guest@example.com: {role: user}
groups:
  FixSupport: {members: [fix-agent@example.com, fix-boss@example.com], permissions: {workspace: {prompts: true}}}
models:
  fix-bot: {base: house, system: !var tone, access: {read: {groups: [FixSupport]}}}
prompts:
  fix-triage: {content: Sort this, access: {read: {groups: [FixSupport]}}}
"""


@pytest.fixture
def manifests(tmp_path_factory: pytest.TempPathFactory, applied: Apply) -> Path:
    path = tmp_path_factory.getbasetemp() / "fixtures.yaml"
    path.write_text(MANIFEST)
    applied(path, variables={"tone": "Be brief."})
    return path


@pytest.mark.usefixtures("manifests")
@pytest.mark.parametrize(
    ("user", "sees"),
    [("fix-agent@example.com", True), ("fix-boss@example.com", True), ("fix-guest@example.com", False)],
)
def test_people_see_what_their_groups_may_see(client_as: ClientAs, user: str, sees: bool) -> None:
    models = [row["id"] for row in client_as(user).list_models() or []]
    prompts = [row["command"].strip("/") for row in client_as(user).get_prompts() or []]
    assert ("fix-bot" in models, "fix-triage" in prompts) == (sees, sees)


@pytest.mark.usefixtures("manifests")
def test_people_may_do_what_their_groups_permit(client_as: ClientAs) -> None:
    assert client_as("fix-agent@example.com").create_prompt("fix-mine", "Mine", "x")
    with pytest.raises(ApiError):
        client_as("fix-guest@example.com").create_prompt("fix-theirs", "Theirs", "x")
    assert client_as("fix-agent@example.com") is client_as("FIX-agent@example.com")


def test_manifests_are_applied_once_for_all_tests(manifests: Path, applied: Apply) -> None:
    variables = {"tone": "Be brief."}
    assert applied(manifests, variables=variables) is applied(str(manifests), variables=variables)


def test_manifests_that_are_wrong_fail_the_test(tmp_path: Path, applied: Apply) -> None:
    (tmp_path / "m.yaml").write_text("version: 1\nmodels: {x: {bass: y}}\n")
    with pytest.raises(OwuiSyncError, match="`bass`"):
        applied(tmp_path / "m.yaml")
    files = "[{name: e.txt, content: ' '}]"
    (tmp_path / "m.yaml").write_text(f"version: 1\nstack: f2\nknowledge: {{FixK: {{files: {files}}}}}\n")
    with pytest.raises(OwuiSyncError, match=r"e\.txt"):
        applied(tmp_path / "m.yaml")


def test_nobody_signs_in_who_is_not_there(client_as: ClientAs) -> None:
    with pytest.raises(SignInFailed, match=r"nobody@example\.com"):
        client_as("nobody@example.com")


def test_the_administrator_can_sign_in(client_as: ClientAs) -> None:
    assert client_as("admin@example.com").list_groups() is not None
