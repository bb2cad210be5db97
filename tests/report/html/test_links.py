"""Links to manifests."""

from __future__ import annotations

import pytest

from owui_sync.report.html.links import links_from
from owui_sync.values import Position

GITHUB = {"GITHUB_SERVER_URL": "https://github.com", "GITHUB_REPOSITORY": "o/r", "GITHUB_SHA": "abc"}
GITLAB = {"CI_PROJECT_URL": "https://gitlab.com/o/r", "CI_COMMIT_SHA": "abc"}
PLACE = Position("dir/a b.yaml", 3, 5)


def test_github_and_gitlab_say_where_a_manifest_is() -> None:
    assert links_from(GITHUB)(PLACE) == "https://github.com/o/r/blob/abc/dir/a%20b.yaml#L3"
    assert links_from(GITLAB)(PLACE) == "https://gitlab.com/o/r/-/blob/abc/dir/a%20b.yaml#L3"


@pytest.mark.parametrize("environment", [{}, GITHUB | {"GITHUB_SERVER_URL": "javascript:alert(1)"}])
def test_elsewhere_there_is_no_link(environment: dict[str, str]) -> None:
    assert links_from(environment)(PLACE) is None


@pytest.mark.parametrize("file", ["/etc/a.yaml", "../a.yaml"])
def test_what_is_not_in_the_repository_has_no_link(file: str) -> None:
    assert links_from(GITHUB)(Position(file, 1, 1)) is None
