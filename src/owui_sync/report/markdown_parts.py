"""Texts of users and servers in Markdown: always inside code, where nothing is a link, a mention, a table or HTML.

GitHub and GitLab leave `@name` and `#1` alone inside code, whether it is a code span, a fence or `<code>`.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

from owui_sync.report.visible import visible
from owui_sync.wording import counted, shortened

_SPAN = 200
"""Characters of a name or a short sentence that are shown."""
_LINE = 300
"""Characters of a line of a fence."""
FENCE_LINES = 80
"""Lines of a fence."""

_TICKS = re.compile("`+")
_HARMLESS = re.compile(r"[A-Za-z]+(?:,? [A-Za-z]+)*")


def code(text: str) -> str:
    """Return a code span on one line."""
    text = shortened(visible(text), _SPAN) or " "
    ticks = "`" * (_most_ticks([text]) + 1)
    pad = " " if text[0] in " `" or text[-1] in " `" else ""
    return f"{ticks}{pad}{text}{pad}{ticks}"


def words(text: str) -> str:
    """Return a sentence of ours as it is, and as a code span when a name may be in it."""
    return text if _HARMLESS.fullmatch(text) else code(text)


def html_code(text: str) -> str:
    """Return a `<code>` element on one line, for places where Markdown does not work."""
    return f"<code>{html.escape(shortened(visible(text), _SPAN))}</code>"


def html_words(text: str) -> str:
    """As `words`, for places where Markdown does not work."""
    return text if _HARMLESS.fullmatch(text) else html_code(text)


def fence(lines: Sequence[str], language: str = "", most: int = FENCE_LINES) -> str:
    """Return a fenced block; too many lines are cut with a stated count.

    Args:
        lines: visible text, one line each.
        language: for colours.
        most: lines at most.
    """
    shown = [shortened(line, _LINE) for line in lines[:most]]
    if len(lines) > most:
        shown.append(f"… {counted(len(lines) - most, 'more line')}")
    ticks = "`" * max(3, _most_ticks(shown) + 1)
    return "\n".join([ticks + language, *shown, ticks])


def details(summary: str, body: str) -> str:
    """Return a block that opens on a click. `summary` is HTML on one line."""
    return f"<details><summary>{summary}</summary>\n\n{body}\n\n</details>"


def _most_ticks(texts: Sequence[str]) -> int:
    return max((len(run) for text in texts for run in _TICKS.findall(text)), default=0)
