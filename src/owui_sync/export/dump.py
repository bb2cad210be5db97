"""YAML as a person writes it: block style, and quotes only where a text would read as something else."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import yaml

from owui_sync.export.tag import Tag, TaggedMapping
from owui_sync.manifest.yaml.scalars import scalar
from owui_sync.manifest.yaml.value_problem import ValueProblem

_TEXT = "tag:yaml.org,2002:str"


class _Dumper(yaml.SafeDumper):
    """PyYAML's own emitter: the one in C spells some characters otherwise, and two machines must write the same."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        """Items of a list stand deeper than its key."""
        super().increase_indent(flow, False)

    def choose_scalar_style(self) -> str:
        """Write the name of a file behind its tag without quotes; left alone, the emitter quotes whatever has a tag."""
        event: Any = self.event
        style = super().choose_scalar_style()
        return "" if event.tag.startswith("!") else style

    def ignore_aliases(self, data: Any) -> bool:
        """Write a value that occurs twice in full both times."""
        return True


def dump(value: Mapping[str, Any]) -> str:
    """Return a mapping as YAML, in the order of its keys; each scalar on one line."""
    return str(yaml.dump(value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=math.inf))


def _represent_text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar(_TEXT, text, '"' if _is_odd(text, dumper) else None)


def _represent_tag(dumper: yaml.SafeDumper, tag: Tag) -> yaml.ScalarNode:
    return dumper.represent_scalar(f"!{tag.tag}", tag.argument)


def _is_odd(text: str, dumper: yaml.SafeDumper) -> bool:
    """Return whether a text has characters to escape, or would be a number, a switch or a date for YAML 1.1 or 1.2."""
    if not text.isprintable():
        return True
    try:
        same = scalar(text) is text if text else False
    except ValueProblem:
        return True
    resolved = dumper.resolve(yaml.ScalarNode, text, (True, False))  # type: ignore[no-untyped-call]
    return not same or resolved != _TEXT


_Dumper.add_representer(str, _represent_text)
_Dumper.add_representer(Tag, _represent_tag)
_Dumper.add_representer(TaggedMapping, _Dumper.represent_dict)
