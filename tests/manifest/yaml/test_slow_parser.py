"""The parser for installations without the one in C gives the same."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from owui_sync.manifest.yaml import parser
from owui_sync.manifest.yaml.slow_parser import SlowParser
from tests.support.folder import parsed


class _SlowComposer(parser._NoTags, SlowParser):
    pass


@pytest.mark.parametrize(
    "text",
    [
        "a: 1\nb: 'x'\nc: |\n  text\nd: !file y\ne: &e [1, {f: !!str 2}]\ng: *e\n",
        "a:\nb: 1",
        "a: 1\na: 2",
        "",
    ],
)
def test_both_parsers_give_the_same(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    fast: Any = parsed(text)
    monkeypatch.setattr(parser, "_Composer", _SlowComposer)
    assert parsed(text) == fast


def test_it_raises_what_the_fast_one_raises() -> None:
    with pytest.raises(yaml.MarkedYAMLError):
        _SlowComposer("a: [").get_single_node()
