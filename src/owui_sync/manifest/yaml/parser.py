"""YAML text -> `LocatedMap`. The parser is PyYAML's (in C where there is one); what a manifest may say is decided here.

YAML 1.2 core scalars, one document a file, text keys, no key twice, no empty value. Anchors, aliases and merge keys
(`<<`) work as far as they do not multiply: what aliases repeat is limited.
"""

from __future__ import annotations

import json
import re
from contextlib import suppress
from typing import Any

import yaml

from owui_sync.manifest.problems import Diagnostics
from owui_sync.manifest.schema.wording import listed
from owui_sync.manifest.yaml import syntax
from owui_sync.manifest.yaml.nodes import INVALID, LocatedList, LocatedMap, Origin, Tagged
from owui_sync.manifest.yaml.scalars import scalar
from owui_sync.manifest.yaml.value_problem import ValueProblem
from owui_sync.values import Position
from owui_sync.wording import did_you_mean

BARE_TAGS = ("default", "null")
"""Tags that stand for a value by themselves."""

TAGS = ("file", "image", "var", "env", "secret", "sub", *BARE_TAGS)

_MAX_REPEATED = 100_000
"""Values that aliases may repeat in one file: far more than a person writes, far less than fills the memory."""

_LONG = 1000
"""Characters of a text that count as one value when an alias repeats them."""

_MAX_DEPTH = 100
"""Levels: later steps walk values by recursion."""

_TOO_DEEP = f"nested too deeply: more than {_MAX_DEPTH} levels"

_OWN_TAGS = {"tag:yaml.org,2002:map": yaml.MappingNode, "tag:yaml.org,2002:seq": yaml.SequenceNode}
_TEXT_TAG = "tag:yaml.org,2002:str"
_MERGE = "<<"

_HALVES = "invalid Unicode character escape code"
_PAIR = re.compile(r"(?<!\\)((?:\\\\)*)\\u(d[89ab][0-9a-f]{2})\\u(d[c-f][0-9a-f]{2})", re.IGNORECASE)
"""Both halves of a character in a JSON text, after an even number of backslashes."""

_OTHER_BREAKS = re.compile("[\u0085\u2028\u2029]")
"""Line breaks for YAML 1.1, which the parser speaks, and ordinary characters for YAML 1.2: they would not survive."""


class _NoTags:
    """Leaves tags as they are written, so that a plain `5` and a `!!str 5` stay apart; it is faster, too."""

    def resolve(self, kind: Any, value: Any, implicit: Any) -> None:
        return None

    def descend_resolver(self, parent: Any, index: Any) -> None:
        """Nothing to keep track of."""

    def ascend_resolver(self) -> None:
        """Nothing to keep track of."""


if yaml.__with_libyaml__:
    from yaml.cyaml import CParser as _Parser  # type: ignore[attr-defined]  # The stubs do not have it there.
else:  # pragma: no cover
    from owui_sync.manifest.yaml.slow_parser import SlowParser as _Parser  # type: ignore[assignment]


class _Composer(_NoTags, _Parser):
    """Text -> nodes."""


def parse(text: str, origin: Origin, problems: Diagnostics) -> LocatedMap | None:
    """Return the mapping that `text` holds, empty when the text says nothing; None when it was reported as unreadable.

    What is unreadable also sets `problems.lost_file`.
    """
    text = text.removeprefix("\ufeff")
    if odd := _OTHER_BREAKS.search(text):
        at = syntax.place(text, odd.start(), origin)
        hint = "escape it in double quotes, or use `!file`"
        problems.add(f"the character U+{ord(odd.group()):04X} would not survive in YAML", at, hint)
        problems.lost_file = True
        return None
    try:
        text = _spaced(text)
        node = _node(text)
        if node is None or _blank(node):
            return LocatedMap(Position(origin.shown, 1, 1))
        return _Builder(text, origin, problems).document(node)
    except (yaml.YAMLError, RecursionError) as error:
        if _exceeds_depth(error):
            problems.add(_TOO_DEEP, _first_too_deep(text, error, origin))
        else:
            syntax.report(error, text, origin, problems)
    problems.lost_file = True
    return None


def _spaced(text: str) -> str:
    """Return the text with a blank between a tag without argument and the bracket after it.

    YAML 1.2 takes `{a: !null}` as it is meant; the parser, which speaks YAML 1.1, reads the bracket as part of the tag.
    A column behind such a tag is one too high in messages.
    """
    while any(f"!{tag}{bracket}" in text for tag in BARE_TAGS for bracket in "}]"):
        try:
            scanner: Any = _Composer(text)
            while scanner.check_token():
                scanner.get_token()
        except yaml.MarkedYAMLError as error:
            at = error.problem_mark.index if error.problem_mark else 0
            if text[at : at + 1] in ("}", "]") and text[:at].endswith(tuple(f"!{tag}" for tag in BARE_TAGS)):
                text = f"{text[:at]} {text[at:]}"
                continue
        except yaml.YAMLError:
            pass  # Whoever parses it says what is wrong.
        break
    return text


def _node(text: str) -> yaml.Node | None:
    """Return what `text` holds. JSON may write a character as two halves, which YAML does not know."""
    try:
        return _Composer(text).get_single_node()
    except yaml.YAMLError as error:
        if _HALVES not in str(error) or not _is_json(text):
            raise
        return _Composer(_PAIR.sub(_joined_halves, text)).get_single_node()


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _joined_halves(pair: re.Match[str]) -> str:
    """Return the escape of one character in place of those of its halves."""
    high, low = int(pair[2], 16), int(pair[3], 16)
    return f"{pair[1]}\\U{0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00):08X}"


def _exceeds_depth(error: Exception) -> bool:
    """Return whether the parser gave up because of the depth.

    PyYAML fails by recursion before 6.0.4, by a limit since then.
    """
    return isinstance(error, RecursionError) or "maximum nesting depth" in str(error)


def _first_too_deep(text: str, error: Exception, origin: Origin) -> Position:
    """Return the place of the first list or mapping that is too deep; reading event by event needs no recursion."""
    composer: Any = _Composer(text)
    mark, depth = getattr(error, "problem_mark", None), 0
    # Newer parsers may give up before the event is there; then the place is where they did.
    with suppress(yaml.YAMLError):
        while depth <= _MAX_DEPTH + 1:
            event = composer.get_event()
            mark = event.start_mark
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
    line, column = (mark.line, mark.column) if mark else (0, 0)
    return Position(origin.shown, line + 1, column + 1)


def _blank(node: Any) -> bool:
    return isinstance(node, yaml.ScalarNode) and node.tag is None and not node.style and node.value == ""


class _Builder:
    """Nodes -> values, for one file."""

    def __init__(self, text: str, origin: Origin, problems: Diagnostics) -> None:
        self._text = text
        self._origin = origin
        self._problems = problems
        self._built: dict[yaml.Node, tuple[Any, int]] = {}
        self._open: set[yaml.Node] = set()
        self._count = 0
        self._repeated = 0

    def document(self, node: yaml.Node) -> LocatedMap | None:
        """Return the top of a file."""
        value = self._value(node)
        if isinstance(value, LocatedMap):
            return value
        self._problems.lost_file = True
        if value is not INVALID:
            self._problems.add("a manifest is a mapping of sections", self._at(node), "begin with `version: 1`")
        return None

    def _at(self, node: yaml.Node) -> Position:
        mark = node.start_mark
        return Position(self._origin.shown, mark.line + 1, mark.column + 1)

    def _broken(self, message: str, node: yaml.Node, hint: str | None = None) -> Any:
        self._problems.add(message, self._at(node), hint)
        return INVALID

    def _value(self, node: yaml.Node) -> Any:
        self._count += 1
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node) if len(node.value) < _LONG else self._long_text(node)
        if node in self._built:
            return self._again(node)
        if node in self._open:
            return self._broken("this value contains itself, by an alias", node)
        if len(self._open) > _MAX_DEPTH:
            return self._broken(_TOO_DEEP, node)
        self._open.add(node)
        start = self._count
        value = self._collection(node)
        self._built[node] = (value, self._count - start)
        self._open.discard(node)
        return value

    def _again(self, node: yaml.Node) -> Any:
        """Return a list or mapping that an alias repeats: the same object, counted as if it were written out."""
        value, size = self._built[node]
        self._count += size
        self._repeated += size + 1
        if self._repeated > _MAX_REPEATED:
            return self._broken(f"aliases repeat more than {_MAX_REPEATED:,} values of this file", node)
        return value

    def _long_text(self, node: Any) -> Any:
        """Return a long text, which an alias repeats as so many values as it is long.

        Written out, it takes that much room.
        """
        if node in self._built:
            return self._again(node)
        size = len(node.value) // _LONG
        self._built[node] = (self._scalar(node), size)
        self._count += size
        return self._built[node][0]

    def _scalar(self, node: Any) -> Any:
        if node.tag is None:
            if node.style:
                return node.value
            try:
                return scalar(node.value)
            except ValueProblem as wrong:
                return self._broken(wrong.message, node, wrong.hint)
        return node.value if node.tag == _TEXT_TAG else self._tagged(node, node.value)

    def _collection(self, node: Any) -> Any:
        value = self._mapping(node) if isinstance(node, yaml.MappingNode) else self._sequence(node)
        if node.tag is None or isinstance(node, _OWN_TAGS.get(node.tag, ())):
            return value
        return self._tagged(node, value)

    def _tagged(self, node: yaml.Node, argument: Any) -> Any:
        name = node.tag.removeprefix("!")
        if name not in TAGS:
            shown = node.tag.replace("tag:yaml.org,2002:", "!!")
            hint = did_you_mean(shown, [f"!{tag}" for tag in TAGS])
            return self._broken(f"unknown tag `{shown}`", node, hint or f"known tags: {listed(TAGS, '!')}")
        if name in BARE_TAGS:
            if argument != "":
                return self._broken(f"`!{name}` takes nothing after it", node, f"write `!{name}` alone")
        elif isinstance(argument, str) and not argument:
            return self._broken(f"`!{name}` needs something after it", node, f"such as `!{name} NAME`")
        return Tagged(name, argument, self._at(node), self._origin)

    def _sequence(self, node: yaml.SequenceNode) -> LocatedList:
        result = LocatedList(self._at(node))
        for item in node.value:
            at = self._at(item)
            result.append(self._no_value("this item", at) if _blank(item) else self._value(item))
            result.items_at.append(at)
        return result

    def _source(self, node: yaml.Node) -> str:
        """Return a value of one line as it is written."""
        return self._text.splitlines()[node.start_mark.line][node.start_mark.column : node.end_mark.column]

    def _mapping(self, node: yaml.MappingNode) -> Any:
        """Return a `LocatedMap`; BROKEN for what is meant as a text."""
        result = LocatedMap(self._at(node))
        merged: list[LocatedMap] = []
        for key_node, value_node in node.value:
            if _is_merge(key_node):
                merged += self._merged(value_node)
                continue
            if _is_braces(node, key_node):
                self._problems.add(*syntax.unquoted(self._source(node), self._at(node)))
                return INVALID
            key = self._key(key_node)
            if key is INVALID:
                continue
            at = self._at(key_node)
            if key in result:
                hint = f"it is already at {result.keys_at[key]}; keep one of the two"
                self._problems.add(f"the key `{key}` is written twice", at, hint)
                continue
            value = self._no_value(f"`{key}`", at) if _blank(value_node) else self._value(value_node)
            result.put(key, value, at, self._at(value_node))
        for other in merged:
            for key in other:
                if key not in result:
                    result.take(key, other)
        return result

    def _no_value(self, what: str, at: Position) -> Any:
        hint = 'write "" for an empty text, {} for nothing in it, or null to remove what a lower layer says'
        self._problems.add(f"{what} has no value", at, hint)
        return INVALID

    def _key(self, node: yaml.Node) -> Any:
        if not isinstance(node, yaml.ScalarNode):
            return self._broken("a key must be a text", node)
        if node.tag not in (None, _TEXT_TAG):
            return self._broken("a key cannot have a tag", node)
        key = self._scalar(node)
        if isinstance(key, str) or key is INVALID:
            return key
        return self._broken(f"the key `{node.value}` is not a text", node, f'quote it: "{node.value}"')

    def _merged(self, node: yaml.Node) -> list[LocatedMap]:
        """Return the mappings that a merge key names, first one first: it wins over later ones."""
        value = self._value(node)
        values = value if isinstance(value, LocatedList) else [value]
        if all(isinstance(item, LocatedMap) for item in values):
            return list(values)
        if value is not INVALID:
            self._broken("a merge key (`<<`) takes a mapping or a list of mappings", node)
        return []


def _is_braces(node: yaml.MappingNode, key: yaml.Node) -> bool:
    """Return whether a mapping was meant as `{{topic}}`, which YAML reads as a mapping in a mapping."""
    one_line = node.start_mark.line == node.end_mark.line
    return one_line and isinstance(key, yaml.MappingNode) and key.start_mark.column == node.start_mark.column + 1


def _is_merge(node: Any) -> bool:
    return isinstance(node, yaml.ScalarNode) and node.value == _MERGE and not node.style and node.tag is None
