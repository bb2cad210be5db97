"""Problems beside the lines of a pull request."""

from __future__ import annotations

from pathlib import Path

from owui_sync.ci.annotations import MOST, beside_lines


def test_a_problem_stands_at_its_line_from_the_top_of_the_repository() -> None:
    problem = {"message": "100% wrong\n:: really", "where": "manifests/a,b.yaml:3:5", "hint": "write it"}
    (line,) = beside_lines([problem], Path("/r/team"), Path("/r"))
    assert line == (
        "::error file=team/manifests/a%2Cb.yaml,line=3,col=5,title=owui-sync::100%25 wrong%0A:: really. write it"
    )


def test_what_has_no_place_is_left_out_and_many_are_cut() -> None:
    nowhere: list[dict[str, str | None]] = [
        {"message": "no", "where": None},
        {"message": "no", "where": "GET /api/version"},
    ]
    many: list[dict[str, str | None]] = [
        {"message": "no", "where": f"a.yaml:{number}:1", "hint": None} for number in range(MOST + 3)
    ]
    assert len(list(beside_lines([*nowhere, *many], Path("/r"), Path("/r")))) == MOST
