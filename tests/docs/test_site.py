"""The site of the documentation: complete, and without links that lead out of it. `make docs` builds it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support import site


@pytest.fixture(scope="module")
def staged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    site.stage(folder)
    return folder / "docs"


def test_every_page_is_in_the_navigation_once(staged: Path) -> None:
    def pages(value: Any) -> list[str]:
        if isinstance(value, str):
            return [value]
        return [page for item in (value.values() if isinstance(value, dict) else value) for page in pages(item)]

    listed = pages(site.navigation())
    there = {page.relative_to(staged).as_posix() for page in staged.rglob("*.md") if "files" not in page.parts}
    assert set(listed) == there
    assert len(listed) == len(set(listed))


def test_every_link_leads_to_something_on_the_site(staged: Path) -> None:
    for page in staged.rglob("*.md"):
        text = re.sub(r"(?ms)^```.*?^```$", "", page.read_text(encoding="utf-8"))
        for path in re.findall(r"\]\(([^)\s#]+)(?:#[^)\s]*)?\)", text):
            if "://" in path:
                continue
            target = (page.parent / path).resolve()
            assert target.is_file(), f"{page.name}: {path}"
            assert target.is_relative_to(staged.resolve()), f"{page.name}: {path}"


def test_schemas_are_under_the_number_of_their_format(staged: Path) -> None:
    assert "(schemas/1/plan.schema.json)" in (staged / "reports.md").read_text(encoding="utf-8")
    assert (staged / "schemas/1/manifest.schema.json").is_file()


def test_a_link_to_a_folder_is_plain_text(staged: Path) -> None:
    assert "../examples/everything" not in (staged / "reference/upgrades.md").read_text(encoding="utf-8")


def test_the_configuration_of_the_builder_is_complete(staged: Path) -> None:
    class Loader(yaml.SafeLoader):
        """Reads names of Python objects as texts."""

    Loader.add_multi_constructor("tag:yaml.org,2002:python/name:", lambda loader, suffix, node: suffix)
    config = yaml.load((staged.parent / "mkdocs.yml").read_text(encoding="utf-8"), Loader)
    assert config["nav"] == site.navigation()
    assert config["theme"]["font"] is False
