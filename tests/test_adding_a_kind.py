"""The page docs/adding-a-kind.md: its code is that of the modules that it quotes, and its checklist is complete."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.test_docs import section

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "adding-a-kind.md").read_text(encoding="utf-8")
QUOTED = dict(re.findall(r"^```python\n# (src/\S+)\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL))
CHECKLIST = re.findall(r"^\| `([^`]+)` \|", section(PAGE, "4. Go through the checklist"), re.MULTILINE)
IMPORT = re.compile(r"^from owui_sync\.(client\.api import .*\bchannels\b|kinds\.channel\b)", re.MULTILINE)


@pytest.mark.parametrize("path", QUOTED)
def test_the_page_quotes_the_module_as_it_is(path: str) -> None:
    assert QUOTED[path] == (ROOT / path).read_text(encoding="utf-8")


def test_the_page_shows_the_requests_and_the_kind() -> None:
    assert list(QUOTED) == ["src/owui_sync/client/api/channels.py", "src/owui_sync/kinds/channel.py"]
    assert set(QUOTED) <= set(CHECKLIST)


@pytest.mark.parametrize("path", CHECKLIST)
def test_every_file_of_the_checklist_names_the_kind(path: str) -> None:
    assert re.search("channel", (ROOT / path).read_text(encoding="utf-8"), re.IGNORECASE)


def test_every_file_that_needs_the_kind_is_in_the_checklist() -> None:
    files = [*(ROOT / "src").rglob("*.py"), *(ROOT / "tests").rglob("*.py")]
    users = [str(path.relative_to(ROOT)) for path in files if IMPORT.search(path.read_text(encoding="utf-8"))]
    assert "src/owui_sync/kinds/__init__.py" in users
    assert set(users) <= set(CHECKLIST)
