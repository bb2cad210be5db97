"""What the YAML parser complains about, in plain words."""

from __future__ import annotations

import re
from typing import Any

from owui_sync.manifest.problems import Diagnostics
from owui_sync.manifest.yaml.nodes import Origin
from owui_sync.values import Position

_LONGEST_SHOWN = 60
_QUOTE = "put the value in quotes"
_INDENT = "compare its indentation with the lines above"

_PLAIN: dict[str, tuple[str, str]] = {
    "mapping values are not allowed in this context": (
        "a `:` is not allowed here",
        "quote the text if the colon belongs to it; otherwise " + _INDENT,
    ),
    "did not find expected key": ("a key was expected here", _INDENT + ", and check the quotes"),
    "could not find expected ':'": ("a `:` is missing after this key", "write `key: value`"),
    "did not find expected '-' indicator": ("an item of the list (`- ...`) was expected here", _INDENT),
    "did not find expected ',' or ']'": ("the list opened by `[` is not closed", "add a `,` or `]`"),
    "did not find expected ',' or '}'": ("the mapping opened by `{` is not closed", "add a `,` or `}`"),
    "found unexpected end of stream": ("the quote is never closed", "add the closing quote"),
    "found unexpected document indicator": ("the quote is never closed", "add the closing quote"),
    "found unknown escape character": (
        "unknown escape after `\\` in a text in double quotes",
        "write `\\\\` for a backslash, or use single quotes",
    ),
    "found invalid Unicode character escape code": (
        "this escape is not a character",
        "write the character itself, or its number as `\\U0001F600`",
    ),
    "found undefined alias": ("this alias (`*name`) has no anchor (`&name`) before it", "quote it if it is a text"),
    "did not find expected node content": ("a value was expected here", _QUOTE),
    "did not find expected <document start>": ("something is left after the end of the manifest", _INDENT),
    "second occurrence": ("this anchor (`&name`) exists already", "give it another name"),
    "but found another document": (
        "a file holds one document, and another begins here",
        "put what follows the `---` into a file of its own",
    ),
}

_BY_WORD: tuple[tuple[str, tuple[str, str]], ...] = (
    ("tab character", ("a tab cannot indent in YAML", "use spaces")),
    ("expected", ("this cannot be read as YAML", _QUOTE + ", or " + _INDENT)),
)


_BEFORE_A_VALUE = re.compile(r"(?:^|[:,\[{]|(?:^|\s)-)\s*$")


def _text_in_brackets(line: str, column: int) -> tuple[int, str] | None:
    """Return column and words of a text such as `{{topic}} please`, at `column` of which the parser stumbled.

    It takes what is in brackets for a value of its own, and does not know what to do with the words after it.
    """
    head, depth = line[:column].rstrip(), 0
    for start in range(len(head) - 1, -1, -1):
        depth += (head[start] in "}]") - (head[start] in "{[")
        if depth <= 0:
            break
    else:
        return None
    if start == len(head) - 1 or not _BEFORE_A_VALUE.search(line[:start]):
        return None
    inside = any(line[:start].count(opened) > line[:start].count(closed) for opened, closed in ("{}", "[]"))
    words = re.split(r"[,}\]]", line[column:])[0] if inside else line[column:]
    return start, line[start:column] + words


def unquoted(text: str, at: Position) -> tuple[str, Position, str]:
    """Return the problem of a text that begins with a bracket: message, place and hint."""
    text = text.rstrip()
    quoted = "'" + text.replace("'", "''") + "'"
    hint = f"write {quoted}" if len(text) <= _LONGEST_SHOWN else "put it in quotes, or write it as a block (`|`)"
    return f"a text cannot begin with `{text[0]}` unless it is quoted", at, hint


def report(error: Any, text: str, origin: Origin, problems: Diagnostics) -> None:
    """Add the problem behind an exception of PyYAML (`yaml.YAMLError`)."""
    mark = getattr(error, "problem_mark", None)
    if mark is None:
        _report_character(error, text, origin, problems)
        return
    at = Position(origin.shown, mark.line + 1, mark.column + 1)
    raw = str(error.problem)
    lines = text.splitlines()
    if mark.line < len(lines) and (meant := _text_in_brackets(lines[mark.line], mark.column)):
        problems.add(*unquoted(meant[1], Position(origin.shown, mark.line + 1, meant[0] + 1)))
        return
    message, hint = _words(raw, text, mark)
    opened = error.context_mark
    if opened is not None and opened.line != mark.line and "closed" in message:
        at = Position(origin.shown, opened.line + 1, opened.column + 1)
    problems.add(message, at, hint)


def _words(raw: str, text: str, mark: Any) -> tuple[str, str]:
    if raw == "found character that cannot start any token":
        character = text.splitlines()[mark.line][mark.column]
        if character == "\t":
            return "a tab cannot indent in YAML", "use spaces"
        return f"a text cannot begin with `{character}`", _QUOTE
    if raw in _PLAIN:
        return _PLAIN[raw]
    known = next((words for word, words in _BY_WORD if word in raw), None)
    return known or (f"this is not YAML: {raw}", _QUOTE)


def _report_character(error: Any, text: str, origin: Origin, problems: Diagnostics) -> None:
    """Return the problem of a character that YAML does not allow: the parser gives its offset only."""
    code = getattr(error, "character", 0)
    code = ord(code) if isinstance(code, str) else int(code)
    offset = max(text.find(chr(code)), 0)
    at = place(text, offset, origin)
    problems.add(f"the character U+{code:04X} cannot stand in YAML", at, "escape it in double quotes, or use `!file`")


def place(text: str, offset: int, origin: Origin) -> Position:
    """Return the position of the character at `offset`."""
    before = text[:offset]
    return Position(origin.shown, before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1)
