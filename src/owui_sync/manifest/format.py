"""One style for manifests, with their comments kept.

ruamel.yaml writes the file again; no plain value is understood on the way, so `0x10` stays `0x10`. Whether the result
says the same is then checked with our own reader: a formatter must never change what a manifest means.
"""

from __future__ import annotations

import io
from typing import Any

from owui_sync.errors import ManifestError
from owui_sync.manifest.problems import Diagnostics
from owui_sync.manifest.yaml.nodes import Origin, Tagged
from owui_sync.manifest.yaml.parser import parse

_ROUNDS = 3
"""A comment that moves may move another one: the text is written again until nothing moves."""


def formatted(text: str, origin: Origin) -> str:
    """Return a manifest in our style.

    Two blanks for each level, also before the `-` of a list; one blank between the parts of `{a: b, c: d}`; lists and
    mappings that go over several lines in brackets are written without them; no blanks at the end of a line, at most
    one empty line in a row, and none at the end. Quotes, texts, the order of keys and the columns of comments stay.

    Raises:
        ManifestError: it is no YAML, or cannot be written again without a change of its meaning.
    """
    meant = _meaning(text, origin)
    result = text.removeprefix("\ufeff").replace("\r\n", "\n")
    for _ in range(_ROUNDS):
        before, result = result, _written(result, origin)
        if result == before:
            break
    if _meaning(result, origin) != meant or result.count("#") != text.count("#"):
        raise ManifestError(
            "the file cannot be formatted without losing something",
            where=origin.shown,
            hint="it stays as it is; please report this with the file",
        )
    return result


def _meaning(text: str, origin: Origin) -> Any:
    problems = Diagnostics()
    document = parse(text, origin, problems)
    problems.raise_any()
    return _typed(document)


def _typed(value: Any) -> Any:
    """Return a value for a comparison that tells `1` from `true`, and knows the order of keys."""
    if isinstance(value, dict):
        return [(key, _typed(item)) for key, item in value.items()]
    if isinstance(value, list):
        return ["list", *map(_typed, value)]
    if isinstance(value, Tagged):
        return ("tag", value.tag, _typed(value.argument))
    return (type(value).__name__, value)


def _written(text: str, origin: Origin) -> str:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError
    from ruamel.yaml.resolver import VersionedResolver

    class NoTypes(VersionedResolver):
        """Takes every plain value for a text, so that it is written as it was."""

        @property
        def versioned_resolver(self) -> Any:
            return {}

    yaml = YAML()
    yaml.Resolver = NoTypes
    yaml.width = 1_000_000  # No value is broken into lines.
    yaml.preserve_quotes = True
    yaml.indent(mapping=2, sequence=4, offset=2)
    try:
        document = yaml.load(text)
        _open_brackets(document, origin)
        out = io.StringIO()
        yaml.dump(document, out)
    except YAMLError as error:
        raise ManifestError(f"it cannot be formatted: {' '.join(str(error).split())}", where=origin.shown) from None
    return _tidied(out.getvalue())


def _open_brackets(value: Any, origin: Origin) -> None:
    """Write what is in brackets over several lines without them."""
    from ruamel.yaml.comments import CommentedMap, CommentedSeq

    if not isinstance(value, CommentedMap | CommentedSeq):
        return
    places = [place[0] for place in (value.lc.data or {}).values()]
    if value.fa.flow_style() and any(line != value.lc.line for line in places):
        if value.ca.comment or value.ca.items:
            raise ManifestError(
                "comments inside brackets cannot be kept",
                where=f"{origin.shown}:{value.lc.line + 1}:{value.lc.col + 1}",
                hint="write the list or mapping without brackets, one line for each part",
            )
        value.fa.set_block_style()
    for item in value.values() if isinstance(value, CommentedMap) else value:
        _open_brackets(item, origin)


def _tidied(text: str) -> str:
    """Return the text without blanks at the ends of lines and empty lines in a row, and comments indented.

    Lines inside values stay.
    """
    lines, inside = text.split("\n"), _value_lines(text)
    kept: list[str] = []
    for number, line in enumerate(lines):
        if number in inside:
            kept.append(line)
        elif line.lstrip().startswith("#"):
            kept.append(" " * _indent_of_comment(lines, inside, number) + line.strip())
        elif line.strip() or (kept and kept[-1].strip()):
            kept.append(line.rstrip())
    return "\n".join(kept).rstrip("\n") + "\n"


def _value_lines(text: str) -> set[int]:
    """Return the numbers of the lines, from 0 on, that begin inside a value."""
    from ruamel.yaml import YAML
    from ruamel.yaml.tokens import ScalarToken

    inside: set[int] = set()
    for token in YAML().scan(text):
        if isinstance(token, ScalarToken):
            inside.update(range(token.start_mark.line + 1, token.end_mark.line + (token.end_mark.column > 0)))
    return inside


def _indent_of_comment(lines: list[str], inside: set[int], number: int) -> int:
    """Return the indent of the line before or after a comment, whichever is nearer to its own."""
    around = (range(number - 1, -1, -1), range(number + 1, len(lines)))
    written = (
        next((_indent(lines[at]) for at in places if at not in inside and lines[at].strip()[:1] not in ("", "#")), 0)
        for places in around
    )
    own = _indent(lines[number])
    return min(written, key=lambda indent: abs(indent - own))


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
