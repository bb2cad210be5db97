"""The dependencies of the manifests as a picture: text for Mermaid or for Graphviz."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from owui_sync.address import Address
from owui_sync.kinds import KINDS
from owui_sync.manifest.desired import Entry
from owui_sync.plan.types import Action, Plan
from owui_sync.report.visible import visible
from owui_sync.resolve.graph import named_by
from owui_sync.resolve.pipes import functions_of, with_pipes

OUTSIDE = "outside"
"""Class of an object that the manifests name and do not have."""

_FILLS = {
    Action.CREATE: "#c8f0cd",
    Action.ADOPT: "#cdeef5",
    Action.UPDATE: "#fdf0b8",
    Action.MOVE: "#e3dcfa",
    Action.REPLACE: "#f6cdf0",
    Action.DELETE: "#f9cccc",
}

_PLAIN = re.compile(r"[^\W_]| ")
_INNER = "-._/:"
"""Harmless between letters and digits; at the beginning or end of a word they may be Markdown."""


@dataclass(frozen=True, slots=True)
class Node:
    """One object; `style` is an action's name, `outside`, or empty."""

    kind: str
    key: str
    style: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """What there is to draw.

    Args:
        nodes: by kind and key.
        edges: numbers of two nodes: the first needs the second. Sorted.
    """

    nodes: tuple[Node, ...]
    edges: tuple[tuple[int, int], ...]

    def sections(self) -> Iterator[tuple[str, list[tuple[int, Node]]]]:
        """Yield the nodes with their numbers, by section of the manifest."""
        for kind, nodes in groupby(enumerate(self.nodes), key=lambda item: item[1].kind):
            yield (KINDS[kind].section if kind in KINDS else kind), list(nodes)

    def styles(self) -> list[str]:
        """Return the styles that occur, each once."""
        return sorted({node.style for node in self.nodes if node.style})


def picture(entries: Mapping[str, Entry], plan: Plan | None = None) -> Picture:
    """Return the picture of some entries and of what they name.

    Args:
        entries: address -> entry.
        plan: gives each object the style of its action, and shows what is to be deleted.
    """
    functions = functions_of(entries)
    edges = {
        (entry.address, use.address)
        for entry in entries.values()
        for use in with_pipes(named_by(entry), functions, entries)
    }
    actions = {change.address: change.action.value for change in plan.changes} if plan else {}
    styles = {address: OUTSIDE for _, address in edges if address not in entries}
    styles |= dict.fromkeys(entries, "") | actions
    nodes = sorted((_node(address, style) for address, style in styles.items()), key=_rank)
    numbers = {str(Address(node.kind, node.key)): number for number, node in enumerate(nodes)}
    return Picture(tuple(nodes), tuple(sorted((numbers[one], numbers[other]) for one, other in edges)))


def mermaid(drawn: Picture) -> str:
    """Return the picture as a Mermaid flowchart."""
    return "\n".join(["flowchart LR", *_blocks(drawn, _mermaid_section), *_mermaid_edges(drawn)]) + "\n"


def dot(drawn: Picture) -> str:
    """Return the picture for Graphviz."""
    head = ["digraph {", "  rankdir=LR;", '  node [shape=box, style="rounded,filled", fillcolor=white];']
    edges = [
        f"  n{one} -> n{other}{' [style=dashed]' if drawn.nodes[other].style == OUTSIDE else ''};"
        for one, other in drawn.edges
    ]
    return "\n".join([*head, *_blocks(drawn, _dot_section), *edges, "}"]) + "\n"


def _node(address: str, style: str) -> Node:
    kind, key = Address.parse(address)
    return Node(kind, key, style)


def _rank(node: Node) -> tuple[int, str, str]:
    return (list(KINDS).index(node.kind) if node.kind in KINDS else len(KINDS), node.kind, node.key)


Block = Callable[[str, Sequence[tuple[int, Node]]], Iterator[str]]


def _blocks(drawn: Picture, block: Block) -> Iterator[str]:
    for section, nodes in drawn.sections():
        yield from (f"  {line}" for line in block(section, nodes))


def _mermaid_section(section: str, nodes: Sequence[tuple[int, Node]]) -> Iterator[str]:
    yield f'subgraph kind_{section}["{section}"]'
    for number, node in nodes:
        yield f'  n{number}["{_mermaid_text(node.key)}"]' + (f":::{node.style}" if node.style else "")
    yield "end"


def _mermaid_edges(drawn: Picture) -> Iterator[str]:
    for one, other in drawn.edges:
        yield f"  n{one} {'-.->' if drawn.nodes[other].style == OUTSIDE else '-->'} n{other}"
    for style in drawn.styles():
        look = "stroke-dasharray:4 3" if style == OUTSIDE else f"fill:{_FILLS[Action(style)]},color:#222"
        yield f"  classDef {style} {look}"


def _mermaid_text(text: str) -> str:
    """Return a label, every character that could mean something as its number.

    Mermaid takes labels for Markdown and HTML.
    """
    text = visible(text)

    def harmless(at: int) -> bool:
        inner = 0 < at < len(text) - 1 and _PLAIN.match(text[at - 1]) and _PLAIN.match(text[at + 1])
        return bool(_PLAIN.match(text[at]) or (text[at] in _INNER and inner and " " not in text[at - 1 : at + 2]))

    return "".join(char if harmless(at) else f"#{ord(char)};" for at, char in enumerate(text))


def _dot_section(section: str, nodes: Sequence[tuple[int, Node]]) -> Iterator[str]:
    yield f"subgraph cluster_{section} {{"
    yield f'  label="{section}";'
    for number, node in nodes:
        yield f'  n{number} [label="{_dot_text(node.key)}"{_dot_look(node.style)}];'
    yield "}"


def _dot_look(style: str) -> str:
    if style == OUTSIDE:
        return ', style="rounded,dashed"'
    return f', fillcolor="{_FILLS[Action(style)]}", tooltip="{style}"' if style else ""


def _dot_text(text: str) -> str:
    """Return a label: backslashes are escapes in it, and `&...;` is HTML."""
    return visible(text).replace("&", "&amp;").replace("\\", "\\\\").replace('"', '\\"')


WRITERS = {"mermaid": mermaid, "dot": dot}
"""Format -> what writes a picture in it."""
