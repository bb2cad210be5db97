"""Prepares the site of docs/ for its builder: `make docs` runs it.

The pages of docs/ are read on a forge as well, so they link to files beside docs/ as a forge has them. Here those
become pages or files of the site: README.md, CHANGELOG.md and CONTRIBUTING.md are pages, schemas are under
`schemas/1/`, other files are copied, and a link to a folder becomes plain text. The navigation is what the index of
docs/ says.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
_PAGES = {"README.md": "overview.md", "CHANGELOG.md": "changelog.md", "CONTRIBUTING.md": "contributing.md"}
"""Page at the top of the repository -> page of the site."""
_LINK = re.compile(r"(!?)\[((?:[^\]\[]|\[[^\]]*\])*)\]\(([^)\s#]*)(#[^)\s]*)?\)")


def stage(folder: Path) -> None:
    """Write the pages, the files that they link to, and the configuration of the builder to an empty folder."""
    site = folder / "docs"
    shutil.copytree(DOCS, site)
    (site / "README.md").rename(site / "index.md")
    for name in _PAGES:
        shutil.copy(ROOT / name, site / _PAGES[name])
    shutil.copytree(ROOT / "schemas", site / "schemas" / "1")
    for page in sorted(site.rglob("*.md")):
        _rewrite(page, site)
    (folder / "mkdocs.yml").write_text(
        (ROOT / "mkdocs.yml").read_text(encoding="utf-8") + f"nav: {json.dumps(navigation())}\n", encoding="utf-8"
    )


def navigation() -> list[dict[str, object]]:
    """Return the sections of the index with their pages; each page has the words of its first link as its title."""
    text = (DOCS / "README.md").read_text(encoding="utf-8")
    found: list[dict[str, object]] = [{"Home": "index.md"}, {"Overview": "overview.md"}]
    for section in text.split("\n## ")[1:]:
        title, _, body = section.partition("\n")
        pages = [{_title(words): path} for _, words, path, _ in _LINK.findall(body)]
        found.append({title.strip(): pages})
    return [*found, {"Project": [{"Changes": "changelog.md"}, {"Contribute": "contributing.md"}]}]


def _title(words: str) -> str:
    return words[:1].upper() + words[1:]


def _rewrite(page: Path, site: Path) -> None:
    """Make the links of a page lead to where their targets are on the site."""
    original = _original(page.relative_to(site).as_posix())

    def link(match: re.Match[str]) -> str:
        mark, words, path, anchor = match[1], match[2], match[3], match[4] or ""
        if not path or "://" in path or path.startswith("mailto:"):
            return match[0]
        target = (original.parent / path).resolve()
        if target.is_dir():
            return words
        there = site / _place(target)
        if not there.exists():
            there.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(target, there)
        return f"{mark}[{words}]({Path(os.path.relpath(there, page.parent)).as_posix()}{anchor})"

    parts = re.split(r"(?ms)(^```.*?^```$)", page.read_text(encoding="utf-8"))  # Blocks of code are every second part.
    text = "".join(part if number % 2 else _LINK.sub(link, part) for number, part in enumerate(parts))
    page.write_text(text, encoding="utf-8")


def _original(name: str) -> Path:
    """Return the file in the repository that a page of the site is made of."""
    tops = {there: here for here, there in _PAGES.items()}
    return ROOT / tops[name] if name in tops else DOCS / ("README.md" if name == "index.md" else name)


def _place(target: Path) -> str:
    """Return where a file of the repository is on the site."""
    if target == DOCS / "README.md":
        return "index.md"
    if target.is_relative_to(DOCS):
        return target.relative_to(DOCS).as_posix()
    name = target.relative_to(ROOT).as_posix()
    if name in _PAGES:
        return _PAGES[name]
    return name.replace("schemas/", "schemas/1/", 1) if name.startswith("schemas/") else f"files/{name}"


if __name__ == "__main__":
    shutil.rmtree(sys.argv[1], ignore_errors=True)
    stage(Path(sys.argv[1]))
