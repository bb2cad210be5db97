from __future__ import annotations

from owui_sync.plan.types import Action, Cause, Change, FieldChange
from owui_sync.report.fields import detail_lines, field_lines
from owui_sync.values import ABSENT, SourcedText
from tests.support.samples import LOGO, PICTURE, PROMPT, change, field, secret


def shown(*fields: FieldChange, action: Action = Action.UPDATE, width: int = 100) -> list[str]:
    return texts(change(action, "model/x", *fields), width)


def texts(planned: Change, width: int = 100) -> list[str]:
    return [line.text for line in field_lines(planned, width)]


def test_paths_values_and_causes_are_aligned() -> None:
    assert shown(
        field("params.temperature", 0.7, 0.2),
        field("base", "a", "bbb", Cause.DRIFT),
        field("x", 1, ABSENT, Cause.RESET),
    ) == [
        "      params.temperature   0.7 -> 0.2     changed in the manifest",
        '      base                 "a" -> "bbb"   drifted on the server',
        "      x                    1 -> (none)    no longer written, back to the default",
    ]


def test_an_adopted_object_differs_from_the_manifest_it_was_not_changed_there() -> None:
    assert shown(field("access", "private", "public"), action=Action.ADOPT) == [
        "      access   private -> public   differs from the manifest"
    ]


def test_a_text_is_shown_by_its_difference() -> None:
    assert shown(field("system", "a\nold\n", "a\nnew\n")) == [
        "      system   (text, 1 line differs)   changed in the manifest",
        "          a",
        "        - old",
        "        + new",
    ]


def test_a_text_from_a_file_names_the_file() -> None:
    first, *rest = shown(field("system", "v0", SourcedText("v1", PROMPT)))
    assert "(text of prompts/support.md, 1 line differs)" in first
    assert rest == ["        - v0", "        + v1"]


def test_a_text_that_was_not_there_is_shown_as_added() -> None:
    assert shown(field("system", None, "one\ntwo\n"))[1:] == ["        + one", "        + two"]


def test_a_picture_is_shown_by_type_and_size() -> None:
    assert "(none) -> logo.png (PNG, 2.7 kB)" in shown(field("image", None, SourcedText(PICTURE, LOGO)))[0]


def test_values_that_do_not_fit_stand_below_each_other() -> None:
    assert shown(field("name", "a" * 30, "b" * 30), width=60) == [
        "      name      changed in the manifest",
        f'        - "{"a" * 30}"',
        f'        + "{"b" * 30}"',
    ]


def test_a_cause_that_does_not_fit_stands_below_the_value() -> None:
    assert shown(field("name", "a" * 10, "b" * 10), width=50) == [
        '      name   "aaaaaaaaaa" -> "bbbbbbbbbb"',
        "             changed in the manifest",
    ]


def test_lists_and_mappings_show_items() -> None:
    assert shown(field("tags", ["a"], ["b"])) == [
        "      tags   (1 added, 1 removed)   changed in the manifest",
        '        - "a"',
        '        + "b"',
    ]
    assert shown(field("meta.x", {"a": 1}, {"a": 2}))[1:] == ["        - a: 1", "        + a: 2"]


def test_access_that_does_not_fit_shows_grants() -> None:
    before = {"read": {"groups": ["A group with quite a long name", "Support"]}}
    after = {"read": {"groups": ["Support", "Another group with a long name"]}}
    assert shown(field("access", before, after), width=80)[1:] == [
        "        - read: group A group with quite a long name",
        "        + read: group Another group with a long name",
    ]


def test_values_of_another_type_are_told_side_by_side() -> None:
    assert '["a"] -> "b"' in shown(field("stop", ["a"], "b"))[0]


def test_neither_side_of_a_secret_is_shown() -> None:
    for line in shown(secret("valves", "hunter2", before={"key": "old-key"})):
        assert "hunter2" not in line
        assert "old-key" not in line
        assert "(secret)" in line


def test_a_create_shows_its_fields_briefly() -> None:
    fields = (field("system", ABSENT, "a\nb\n"), field("name", ABSENT, "Bob"), secret("password", "hunter2"))
    assert shown(*fields, action=Action.CREATE) == [
        "      system     (text, 2 lines, 4 B)",
        '      name       "Bob"',
        "      password   (secret)",
    ]


def test_a_long_run_of_lines_is_cut_with_its_count() -> None:
    lines = [line.text.strip() for line in detail_lines([("-", f"old {number}") for number in range(30)])]
    assert lines[-2:] == ["- old 11", "- … 18 more"]


def test_many_passages_are_cut_with_the_count_of_lines_that_differ() -> None:
    details = [(mark, str(number)) for number in range(40) for mark in ("@", "-", "+")]
    lines = [line.text.strip() for line in detail_lines(details)]  # type: ignore[arg-type]
    assert len(lines) == 41
    assert lines[-1] == "… 54 more lines that differ; --format json has all"


def test_control_characters_in_names_and_values_do_not_reach_the_terminal() -> None:
    for line in shown(field("params.\x1b[31m", "\x1b[2J", "\x07"), field("tags", ["\x1b"], ["\x9b"])):
        assert line.isprintable()


def test_changes_without_fields_have_no_lines() -> None:
    assert shown(action=Action.ADOPT) == []


def files(count: int, digest: str = "1") -> list[dict[str, object]]:
    return [{"path": f"{number:04}.md", "sha256": f"{digest} {number}", "size": 1000} for number in range(count)]


def test_a_new_base_with_many_files_is_one_line() -> None:
    (line,) = shown(field("files", ABSENT, files(2000)), action=Action.CREATE)
    assert line.startswith('      files   2,000 files, 2.0 MB: ["0000.md", ')
    assert line.endswith("… 1,992 more]")


def test_files_are_named_and_many_of_them_are_counted() -> None:
    first, *rest = shown(field("files", files(3), files(2000, "2")))
    assert first == "      files   (1,997 added, 3 changed; 2.0 MB to upload)   changed in the manifest"
    assert rest[:4] == [
        "        ~ 0000.md (1.0 kB -> 1.0 kB)",
        "        ~ 0001.md (1.0 kB -> 1.0 kB)",
        "        ~ 0002.md (1.0 kB -> 1.0 kB)",
        "        + 0003.md (1.0 kB)",
    ]
    assert rest[-1] == "        + … 1,985 more"
    assert len(rest) == 3 + 12 + 1
