from __future__ import annotations

from owui_sync.manifest.files.left_out import LeftOut
from owui_sync.manifest.problems import Diagnostics
from owui_sync.manifest.yaml.value_problem import Unkept
from owui_sync.values import Position


def test_many_files_are_one_line_that_counts_them() -> None:
    left_out, warnings = LeftOut("knowledge/k", Position("m.yaml", 1, 1)), Diagnostics()
    left_out.files = [Unkept("", None, f"`{number}`", "empty") for number in range(1200)]
    left_out.tell(warnings)
    [warning] = warnings.in_order()
    assert warning.message == (
        "`knowledge/k`: 1,200 files that were found are left out, as the server keeps no such file: "
        "`0` (empty), `1` (empty), `2` (empty) and 1,197 more"
    )


def test_nothing_is_told_of_nothing() -> None:
    left_out, problems = LeftOut("knowledge/k", Position("m.yaml", 1, 1)), Diagnostics()
    left_out.tell(problems)
    left_out.refuse(problems)
    assert len(problems) == 0
