from __future__ import annotations

import io

from rich.console import Console

from owui_sync.report.console import UNLIMITED
from owui_sync.report.lines import Line, cells, padded, print_lines


def printed(line: Line, width: int, *, color: bool = False) -> str:
    stream = io.StringIO()
    print_lines(
        [line], Console(file=stream, width=width, force_terminal=color, color_system="standard" if color else None)
    )
    return stream.getvalue()


def test_wide_characters_take_two_columns() -> None:
    assert cells("日本🤖") == 6
    assert padded("日本", 6) == "日本  "


def test_a_body_wraps_below_itself() -> None:
    line = Line((("lead ", ""),), (("one two three four five six seven eight", ""),), 2)
    assert printed(line, 32) == "  lead one two three four five \n       six seven eight\n"


def test_a_body_without_room_beside_its_lead_begins_below() -> None:
    line = Line((("a long lead that takes it all  ", ""),), (("the body", ""),), 2)
    assert [each.rstrip() for each in printed(line, 36).splitlines()] == [
        "  a long lead that takes it all",
        "    the body",
    ]


def test_a_word_wider_than_the_line_is_folded_not_lost() -> None:
    text = "x" * 100
    assert printed(Line((), ((text, ""),)), 40).replace("\n", "") == text


def test_nothing_wraps_without_a_terminal() -> None:
    assert printed(Line((), (("word " * 500, ""),)), UNLIMITED).count("\n") == 1


def test_markup_of_users_is_text() -> None:
    assert printed(Line((), (("[red]x[/red] :smile:", ""),)), 80) == "[red]x[/red] :smile:\n"


def test_styles_become_colours() -> None:
    assert printed(Line((), (("x", "red"),)), 80, color=True) == "\x1b[31mx\x1b[0m\n"


def test_no_lines_print_nothing() -> None:
    stream = io.StringIO()
    print_lines([], Console(file=stream))
    assert stream.getvalue() == ""


def test_the_plain_text_has_indent_lead_and_body() -> None:
    assert Line((("a ", "red"),), (("b", ""),), 2).text == "  a b"
