from __future__ import annotations

from collections.abc import Mapping
from graphlib import TopologicalSorter
from typing import Any

import pytest

from owui_sync.apply.steps import Step, steps_of
from owui_sync.kinds.settings.setting import Setting
from owui_sync.plan.types import Action, Cause, Change, FieldChange
from tests.support.build import HERE

SETTING, BASE = "setting/retrieval", "knowledge/Base"


def change(
    address: str, *before: str, action: Action = Action.UPDATE, fields: Mapping[str, tuple[Any, Any]] | None = None
) -> Change:
    kind, _, key = address.partition("/")
    changed = tuple(FieldChange(path, *values, Cause.MANIFEST) for path, values in (fields or {}).items())
    return Change(action, kind, key, key, HERE, changed, "", before)


def order(*changes: Change) -> list[str]:
    """Return the steps in an order that they allow, the first of those that could come next first."""
    graph = steps_of(changes)
    return [f"{changes[s.number].address} {','.join(sorted(s.paths or ()))}".strip() for s in _sorted(graph)]


def _sorted(graph: dict[Step, list[Step]]) -> list[Step]:
    sorter, found = TopologicalSorter(graph), list[Step]()
    sorter.prepare()
    while ready := sorter.get_ready():
        found += sorted(ready, key=lambda step: (step.number, not step.last))
        sorter.done(*ready)
    return found


CHUNKS: dict[str, tuple[Any, Any]] = {"CHUNK_SIZE": (1000, 900)}
NARROW: dict[str, tuple[Any, Any]] = {"ALLOWED_FILE_EXTENSIONS": ([], ["pdf"])}
WIDE: dict[str, tuple[Any, Any]] = {"FILE_MAX_SIZE": (1, None)}


def test_how_files_are_read_is_set_before_they_come() -> None:
    changes = change(BASE), change(SETTING, fields=CHUNKS | WIDE), change("setting/embedding", fields={"a": (1, 2)})
    assert order(*changes) == [SETTING, "setting/embedding", BASE]


def test_a_limit_comes_after_the_files_that_it_would_refuse() -> None:
    assert order(change(SETTING, fields=NARROW), change(BASE)) == [BASE, SETTING]


def test_a_setting_of_which_one_part_comes_before_and_one_after_is_two_steps() -> None:
    changes = change(SETTING, fields=CHUNKS | NARROW), change(BASE, action=Action.CREATE)
    assert order(*changes) == [f"{SETTING} CHUNK_SIZE", BASE, f"{SETTING} ALLOWED_FILE_EXTENSIONS"]
    first, *_, last = _sorted(steps_of(changes))
    assert (first.last, last.last) == (False, True)
    assert [field.path for field in first.part_of(changes[0]).fields] == ["CHUNK_SIZE"]
    assert Step(1).part_of(changes[1]) is changes[1]


def test_without_files_that_come_a_setting_is_one_step() -> None:
    setting = change(SETTING, fields=CHUNKS | NARROW)
    assert order(setting, change("prompt/p")) == [SETTING, "prompt/p"]
    assert order(setting, change(BASE, action=Action.DELETE)) == [SETTING, BASE]


def test_what_depends_on_a_setting_comes_after_all_of_it() -> None:
    changes = change(SETTING, fields=CHUNKS | NARROW), change(BASE), change("setting/general", SETTING)
    assert order(*changes)[-1] == "setting/general"


def test_files_of_an_object_that_waits_for_the_setting_anyway_change_nothing() -> None:
    setting = change(SETTING, fields=CHUNKS | NARROW)
    last = change("user/a@example.com", SETTING)
    changes = setting, last, change(BASE, "user/a@example.com")
    assert [each.rpartition(" ")[0] or each for each in order(*changes)] == [SETTING, SETTING, last.address, BASE]


@pytest.mark.parametrize(
    ("path", "before", "after", "narrows"),
    [
        ("ALLOWED_FILE_EXTENSIONS", [], ["md"], True),
        ("ALLOWED_FILE_EXTENSIONS", ["md", "pdf"], ["md"], True),
        ("ALLOWED_FILE_EXTENSIONS", ["md"], [], False),
        ("ALLOWED_FILE_EXTENSIONS", ["md"], ["md", "pdf"], False),
        ("ALLOWED_FILE_EXTENSIONS", ["md"], ["pdf"], False),
        ("FILE_MAX_SIZE", None, 5, True),
        ("FILE_MAX_SIZE", 0, 5, True),
        ("FILE_MAX_SIZE", 9, 5, True),
        ("FILE_MAX_SIZE", 5, 9, False),
        ("FILE_MAX_SIZE", 5, None, False),
        ("FILE_MAX_SIZE", "", "", False),
        ("FILE_MAX_COUNT", None, 1, False),
        ("CHUNK_SIZE", 1000, 1, False),
    ],
)
def test_a_limit_narrows_when_it_refuses_more_and_takes_nothing_new(
    path: str, before: Any, after: Any, narrows: bool
) -> None:
    assert Setting().narrows(path, before, after) is narrows
