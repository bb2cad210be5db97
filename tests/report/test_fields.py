from __future__ import annotations

import re

from syrupy.assertion import SnapshotAssertion

from owui_sync.plan.types import Action, Cause, Change, FieldChange
from owui_sync.report.fields import detail_lines, field_lines
from owui_sync.values import ABSENT, SourcedText
from tests.support.samples import LOGO, PICTURE, PROMPT, change, field, secret
from tests.support.words import numbers_in


def shown(*fields: FieldChange, action: Action = Action.UPDATE, width: int = 100) -> list[str]:
    return texts(change(action, "model/x", *fields), width)


def texts(planned: Change, width: int = 100) -> list[str]:
    return [line.text for line in field_lines(planned, width)]


def test_paths_values_and_causes_are_aligned(golden: SnapshotAssertion) -> None:
    lines = shown(
        field("params.temperature", 0.7, 0.2),
        field("base", "a", "bbb", Cause.DRIFT),
        field("x", 1, ABSENT, Cause.RESET),
    )
    columns = [re.split(r" {2,}", line.strip()) for line in lines]
    assert [path for path, _, _ in columns] == ["params.temperature", "base", "x"]
    assert [value.split(" -> ")[0] for _, value, _ in columns] == ["0.7", '"a"', "1"]
    assert len({cause for _, _, cause in columns}) == 3
    places = {(line.index(value), line.index(cause)) for line, (_, value, cause) in zip(lines, columns, strict=True)}
    assert len(places) == 1
    assert lines == golden


def test_an_adopted_object_differs_from_the_manifest_it_was_not_changed_there(golden: SnapshotAssertion) -> None:
    access = field("access", "private", "public")
    (adopted,), (updated,) = shown(access, action=Action.ADOPT), shown(access)
    assert adopted != updated
    assert [adopted, updated] == golden


def test_a_text_is_shown_by_its_difference(golden: SnapshotAssertion) -> None:
    first, *rest = shown(field("system", "a\nold\n", "a\nnew\n"))
    assert rest == ["          a", "        - old", "        + new"]
    assert first == golden


def test_a_text_from_a_file_names_the_file(golden: SnapshotAssertion) -> None:
    first, *rest = shown(field("system", "v0", SourcedText("v1", PROMPT)))
    assert "prompts/support.md" in first
    assert rest == ["        - v0", "        + v1"]
    assert first == golden


def test_a_text_that_was_not_there_is_shown_as_added() -> None:
    assert shown(field("system", None, "one\ntwo\n"))[1:] == ["        + one", "        + two"]


def test_a_picture_is_shown_by_type_and_size() -> None:
    assert "(none) -> logo.png (PNG, 2.7 kB)" in shown(field("image", None, SourcedText(PICTURE, LOGO)))[0]


def test_values_that_do_not_fit_stand_below_each_other(golden: SnapshotAssertion) -> None:
    first, *rest = shown(field("name", "a" * 30, "b" * 30), width=60)
    assert rest == [f'        - "{"a" * 30}"', f'        + "{"b" * 30}"']
    assert first == golden


def test_a_cause_that_does_not_fit_stands_below_the_value(golden: SnapshotAssertion) -> None:
    first, second = shown(field("name", "a" * 10, "b" * 10), width=50)
    assert first == '      name   "aaaaaaaaaa" -> "bbbbbbbbbb"'
    assert second.index(second.strip()) == first.index('"')
    assert second == golden


def test_lists_and_mappings_show_items(golden: SnapshotAssertion) -> None:
    first, *rest = shown(field("tags", ["a"], ["b"]))
    assert rest == ['        - "a"', '        + "b"']
    assert first == golden
    assert shown(field("meta.x", {"a": 1}, {"a": 2}))[1:] == ["        - a: 1", "        + a: 2"]


def test_access_that_does_not_fit_shows_grants(golden: SnapshotAssertion) -> None:
    before = {"read": {"groups": ["A group with quite a long name", "Support"]}}
    after = {"read": {"groups": ["Support", "Another group with a long name"]}}
    lines = shown(field("access", before, after), width=80)
    assert [line.strip()[0] for line in lines[1:]] == ["-", "+"]
    assert [line.partition("group ")[2] for line in lines[1:]] == [
        "A group with quite a long name",
        "Another group with a long name",
    ]
    assert lines == golden


def test_values_of_another_type_are_told_side_by_side() -> None:
    assert '["a"] -> "b"' in shown(field("stop", ["a"], "b"))[0]


def test_neither_side_of_a_secret_is_shown() -> None:
    for line in shown(secret("valves", "hunter2", before={"key": "old-key"})):
        assert "hunter2" not in line
        assert "old-key" not in line
        assert "(secret)" in line


def test_a_create_shows_its_fields_briefly(golden: SnapshotAssertion) -> None:
    fields = (field("system", ABSENT, "a\nb\n"), field("name", ABSENT, "Bob"), secret("password", "hunter2"))
    lines = shown(*fields, action=Action.CREATE)
    assert [line.split()[0] for line in lines] == ["system", "name", "password"]
    assert '"Bob"' in lines[1]
    assert "hunter2" not in lines[2]
    assert lines == golden


def test_a_long_run_of_lines_is_cut_with_its_count(golden: SnapshotAssertion) -> None:
    *lines, rest = [line.text.strip() for line in detail_lines([("-", f"old {number}") for number in range(30)])]
    assert lines == [f"- old {number}" for number in range(12)]
    assert numbers_in(rest) == ["18"]
    assert rest == golden


def test_many_passages_are_cut_with_the_count_of_lines_that_differ(golden: SnapshotAssertion) -> None:
    details = [(mark, str(number)) for number in range(40) for mark in ("@", "-", "+")]
    lines = [line.text.strip() for line in detail_lines(details)]  # type: ignore[arg-type]
    assert len(lines) == 41
    assert numbers_in(lines[-1]) == ["54"]
    assert "--full-diff" in lines[-1]
    assert lines[-1] == golden


def test_control_characters_in_names_and_values_do_not_reach_the_terminal() -> None:
    for line in shown(field("params.\x1b[31m", "\x1b[2J", "\x07"), field("tags", ["\x1b"], ["\x9b"])):
        assert line.isprintable()


def test_changes_without_fields_have_no_lines() -> None:
    assert shown(action=Action.ADOPT) == []


def files(count: int, digest: str = "1") -> list[dict[str, object]]:
    return [{"path": f"{number:04}.md", "sha256": f"{digest} {number}", "size": 1000} for number in range(count)]


def test_a_new_base_with_many_files_is_one_line(golden: SnapshotAssertion) -> None:
    (line,) = shown(field("files", ABSENT, files(2000)), action=Action.CREATE)
    assert [*numbers_in(line)[:3], numbers_in(line)[-1]] == ["2,000", "2.0", "0000", "1,992"]
    assert line == golden


def test_files_are_named_and_many_of_them_are_counted(golden: SnapshotAssertion) -> None:
    first, *rest = shown(field("files", files(3), files(2000, "2")))
    assert numbers_in(first) == ["1,997", "3", "2.0"]
    assert [line.split()[:2] for line in rest[:4]] == [
        ["~", "0000.md"],
        ["~", "0001.md"],
        ["~", "0002.md"],
        ["+", "0003.md"],
    ]
    assert numbers_in(rest[-1]) == ["1,985"]
    assert len(rest) == 3 + 12 + 1
    assert [first, *rest] == golden


def test_a_full_difference_has_every_line_and_all_of_each() -> None:
    before, after = ("\n".join(f"{number} {word * 300}" for number in range(60)) for word in "ab")
    planned = change(Action.UPDATE, "prompt/x", field("content", before, after))
    shown = [line.text.strip() for line in field_lines(planned, 100, full=True)]
    assert sum(text.startswith("+ ") and text.endswith("b" * 300) for text in shown) == 60
    new = change(Action.CREATE, "prompt/x", field("content", after="one\ntwo"))
    assert [line.text.strip() for line in field_lines(new, 100, full=True)][1:] == ["+ one", "+ two"]
