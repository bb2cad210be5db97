"""The pages for readers: their links lead somewhere, and the page on the architecture names what is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "owui_sync"
DOCS = ROOT / "docs"
PAGES = [*sorted(ROOT.glob("*.md")), *sorted(DOCS.rglob("*.md"))]
ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")


def section(text: str, title: str) -> str:
    """Return what stands below a heading of the second level."""
    return text.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def anchors(page: Path) -> set[str]:
    """Return the anchors of the headings, as GitHub makes them."""
    titles = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    for link in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")):
        path, _, anchor = link.partition("#")
        if "://" in path:
            continue
        target = page.parent / path if path else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


def test_the_index_leads_to_every_page() -> None:
    index = (DOCS / "README.md").read_text(encoding="utf-8")
    names = [str(page.relative_to(DOCS)) for page in DOCS.rglob("*.md") if page != DOCS / "README.md"]
    assert [name for name in names if f"({name})" not in index] == []


def test_the_table_of_packages_is_complete() -> None:
    named = re.findall(r"^\| `(\w+)/` \|", section(ARCHITECTURE, "How data flows"), re.MULTILINE)
    assert sorted(named) == sorted(path.parent.name for path in SOURCE.glob("*/__init__.py"))


def test_the_glossary_is_in_order_and_has_one_sentence_a_word() -> None:
    rows = re.findall(r"^\| ([^|]+) \| ([^|]+) \|$", section(ARCHITECTURE, "Glossary"), re.MULTILINE)[1:]
    words = [word for word, _ in rows]
    assert words == sorted(set(words))
    assert [word for word, meaning in rows if not re.fullmatch(r"[^.]*(`[^`]*`[^.]*)*\.", meaning)] == []
