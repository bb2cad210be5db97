"""The steps of a run, and which one waits for which. Pure.

A change is one step, and what it depends on comes before it. A setting under which the server takes in files is written
before the files come, so that they are read and indexed as the manifests say. What makes the server refuse more than it
does now is written after them, in a step of its own: a server may have files that it would no longer take.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from owui_sync.kinds import KINDS
from owui_sync.kinds.areas import AreaKind
from owui_sync.plan.types import Action, Change, FieldChange
from owui_sync.values import reveal


@dataclass(frozen=True, slots=True)
class Step:
    """A change, or a part of one.

    Args:
        number: of the change, in the plan.
        paths: of the fields that it writes; None: all of them.
        last: the change is made with it.
    """

    number: int
    paths: frozenset[str] | None = None
    last: bool = True

    def part_of(self, change: Change) -> Change:
        """Return its change, with no other fields than it writes."""
        if self.paths is None:
            return change
        return replace(change, fields=tuple(field for field in change.fields if field.path in self.paths))


def steps_of(changes: Sequence[Change]) -> dict[Step, list[Step]]:
    """Return each step with those that come first."""
    numbers: dict[str, list[int]] = {}
    for number, change in enumerate(changes):
        numbers.setdefault(change.address, []).append(number)  # Two objects with one name have one address.
    graph = {
        Step(number): [Step(first) for name in change.depends_on for first in numbers.get(name, ()) if first != number]
        for number, change in enumerate(changes)
    }
    for address in dict.fromkeys(name for kind in KINDS.values() for name in kind.lifecycle.filled_under):
        filled = [Step(number) for number, change in enumerate(changes) if _is_filled_under(address, change)]
        for number in numbers.get(address, ()) if filled else ():
            graph = _around(filled, number, changes[number], graph)
    return graph


def _is_filled_under(address: str, change: Change) -> bool:
    return change.action is not Action.DELETE and address in KINDS[change.kind].lifecycle.filled_under


def _around(
    filled: Iterable[Step], number: int, setting: Change, graph: Mapping[Step, list[Step]]
) -> dict[Step, list[Step]]:
    """Return the graph with a setting before the objects that are filled under it, and its narrowing part after them.

    Args:
        filled: the steps of these objects; one that waits for the setting anyway is left as it is.
        number: of the setting's change.
    """
    whole = Step(number)
    above = _above(whole, graph)
    filled = [step for step in filled if step not in above]
    narrowing = frozenset(field.path for field in setting.fields if _narrows(setting.kind, field))
    rest = frozenset(field.path for field in setting.fields) - narrowing
    first = Step(number, rest, last=False) if narrowing and rest else None if narrowing else whole
    last = Step(number, narrowing) if first and narrowing else whole
    result = {step: [last if one == whole else one for one in others] for step, others in graph.items()}
    before = result.pop(whole)
    if first:
        result |= {step: [*result[step], first] for step in filled}
        result[first] = before
    if last != first:
        result[last] = [*before, *([first] if first else []), *filled]
    return result


def _narrows(kind: str, field: FieldChange) -> bool:
    areas = KINDS[kind]
    return isinstance(areas, AreaKind) and areas.narrows(field.path, reveal(field.before), reveal(field.after))


def _above(step: Step, graph: Mapping[Step, list[Step]]) -> set[Step]:
    """Return the steps that wait for a step, directly or not."""
    above, size = {step}, 0
    while size != len(above):
        size = len(above)
        above |= {other for other, others in graph.items() if not above.isdisjoint(others)}
    return above - {step}
