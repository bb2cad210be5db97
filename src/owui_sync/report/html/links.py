"""Links to the lines of manifests, where a CI system says in which repository they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import PurePosixPath
from urllib.parse import quote

from owui_sync.values import Position

Link = Callable[[Position], str | None]
"""Gives the URL of a place in a manifest, or None."""


def links_from(environment: Mapping[str, str]) -> Link:
    """Return what makes links, from the variables of GitHub Actions or GitLab CI.

    Manifests are taken to be named from the top of the repository on, as they are where a CI job starts.
    """
    base = _base(environment)

    def link(place: Position) -> str | None:
        path = PurePosixPath(place.file)
        if base is None or path.is_absolute() or ".." in path.parts:
            return None
        return f"{base}/{quote(str(path))}#L{place.line}"

    return link


def _base(environment: Mapping[str, str]) -> str | None:
    get = environment.get
    server, repository, commit = get("GITHUB_SERVER_URL"), get("GITHUB_REPOSITORY"), get("GITHUB_SHA")
    base = f"{server}/{repository}/blob/{commit}" if server and repository and commit else None
    if (project := get("CI_PROJECT_URL")) and (commit := get("CI_COMMIT_SHA")):
        base = f"{project}/-/blob/{commit}"
    return base if base and base.startswith(("https://", "http://")) else None
