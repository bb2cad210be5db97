"""A stack of ordinary size: how many requests it takes, and that planning writes nothing."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

from owui_sync.pytest_plugin import OpenWebUIFactory
from tests.support.project import Project, causes, changes
from tests.support.proxy import Proxy, proxied
from tests.support.school import school

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def applied(
    tmp_path_factory: pytest.TempPathFactory, open_webui_factory: OpenWebUIFactory
) -> Iterator[tuple[Project, Proxy]]:
    """20 groups, 200 prompts and 100 models with access, applied through a proxy to a server of their own.

    What other tests leave on a shared server takes more pages, and would count against the budgets.
    """
    with proxied(open_webui_factory()) as (sandbox, proxy):
        project = Project(tmp_path_factory.mktemp("school") / "main", sandbox, "school")
        project.write(school(groups=20, prompts=200, models=100, member=sandbox.admin_email))
        began = time.monotonic()
        document = project.apply()
        assert document["summary"]["create"] == 320
        # One request creates an object; only the members of a group need a second one. The lock takes two every 10 s.
        renewals = 2 * int((time.monotonic() - began) // 10)
        assert document["requests"] - renewals <= 19 + 320 + 20
        yield project, proxy


def test_a_plan_without_changes_needs_few_requests_and_no_write(applied: tuple[Project, Proxy]) -> None:
    project, proxy = applied
    proxy.seen.clear()
    plan = project.plan()
    assert changes(plan) == {}
    assert plan["summary"]["unchanged"] == 320
    assert proxy.writes == []
    assert len(proxy.seen) == plan["requests"] <= 12


def test_a_plan_with_changes_of_every_sort_writes_nothing(applied: tuple[Project, Proxy]) -> None:
    project, proxy = applied
    other = replace(project, folder=project.folder.parent / "other")
    other.write(school(groups=21, prompts=190, models=100, member=project.sandbox.admin_email, text="changed"))
    proxy.seen.clear()
    assert set(changes(other.plan()).values()) == {"create", "update", "delete"}
    assert proxy.writes == []


def test_one_change_needs_one_write_beside_lock_and_inventory(applied: tuple[Project, Proxy]) -> None:
    project, proxy = applied
    path = project.folder / "manifest.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("Course 7\n", "Course seven\n"), encoding="utf-8")
    assert len(causes(project.plan())) == 1
    proxy.seen.clear()
    project.apply()
    written = [path for method, path in proxy.writes]
    assert sorted(path.split("?")[0].rsplit("/", 2)[-1] for path in written[1:]).count("update") == 1
    # The lock (create, delete), the prompt, the inventory (new file, old file).
    assert len(written) == 5


def test_threshold_refuses_to_empty_the_stack(applied: tuple[Project, Proxy]) -> None:
    project, proxy = applied
    half = replace(project, folder=project.folder.parent / "half")
    half.write(school(groups=20, prompts=10, models=100, member=project.sandbox.admin_email))
    proxy.seen.clear()
    ran = half.run("apply", ".", "--yes")
    assert ran.code == 5
    assert "--max-delete 190" in ran.err
    assert [path for method, path in proxy.writes if "owui-sync.lock" not in path and "models" not in path] == []
