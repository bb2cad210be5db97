"""One style for manifests: nothing that they mean changes, and comments stay."""

from __future__ import annotations

import json
import textwrap
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from owui_sync.errors import ManifestError
from owui_sync.manifest.format import formatted
from owui_sync.manifest.problems import Diagnostics
from owui_sync.manifest.yaml.nodes import Origin
from owui_sync.manifest.yaml.parser import parse

ORIGIN = Origin(Path("/a.yaml"), "a.yaml", Path("/"))
EXAMPLES = Path(__file__).parents[2] / "examples"

MESSY = """\
# head

version:   1   # the format
stack: "a"


users:
    alice@example.com: { name: 'A',   role: admin }   # who
    bob@example.com:
        name:   !env { name: N, default: x }
        password: !secret P
    # the last one
x-all: &all
  hidden: yes
groups:
  Support:
    members:
    - a@example.com
    # a comment
    - b@example.com
models:
  x:
    <<: *all
    system: |+
      # a text


      with blanks


    params: {temperature: 0.20, max_tokens: 0x10, seed: 1_000, stop: ["\\n", 'it''s']}
    tags: [
      a, b,
      c
    ]
    image: !image a.png
    description: "in two
      lines"
jobs:
  smoke:
    chat: {model: bot, prompt: How do I reset my password?, knowledge: [Handbook]}
# tail
"""


def form(text: str) -> str:
    return formatted(text, ORIGIN)


def _is_read(text: str) -> bool:
    """Whether our reader takes it: some characters cannot stand in YAML."""
    problems = Diagnostics()
    parse(text, ORIGIN, problems)
    return not problems


def test_what_it_changes(golden: SnapshotAssertion) -> None:
    assert form(MESSY) == golden


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*/**/*.yaml")), ids=lambda path: "/".join(path.parts[-3:]))
def test_the_examples_are_in_this_style(path: Path) -> None:
    assert form(path.read_text()) == path.read_text()


def test_the_second_time_nothing_changes() -> None:
    assert form(form(MESSY)) == form(MESSY)


@given(st.text(), st.text(alphabet="ab #:-\n\t'", min_size=1))
def test_texts_mean_the_same_afterwards(text: str, lines: str) -> None:
    block = textwrap.indent(lines, " " * 12, lambda line: True)
    quoted = json.dumps(text, ensure_ascii=False)
    manifest = f"version: 1\nnotes:\n    a: {{ content: {quoted} }}\n    b:\n        content: |2\n{block}\n"
    if _is_read(manifest):
        once = form(manifest)  # It compares what both say by itself.
        assert form(once) == once


def test_windows_lines_and_a_byte_order_mark_go() -> None:
    assert form("\ufeffversion: 1\r\nstack: a\r\n") == "version: 1\nstack: a\n"


def test_what_is_no_manifest_is_told_with_its_place() -> None:
    with pytest.raises(ManifestError) as caught:
        form("version: 1\na: [\n")
    assert str(caught.value.problems[0].where).startswith("a.yaml:")


def test_comments_in_brackets_are_refused_with_what_to_do() -> None:
    text = textwrap.dedent("""\
        version: 1
        groups:
          A:
            members: [
              # one
              a@example.com,
            ]
    """)
    with pytest.raises(ManifestError, match="brackets") as caught:
        form(text)
    assert caught.value.problems[0].where == "a.yaml:4:14"
