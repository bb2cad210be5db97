from __future__ import annotations

import io

import pytest

from owui_sync.report.console import UNLIMITED, console_for, is_terminal


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _colour_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "COLORTERM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")


def test_a_terminal_gets_colours() -> None:
    assert console_for(Terminal()).color_system is not None


def test_a_pipe_gets_no_colours_and_no_width() -> None:
    console = console_for(io.StringIO())
    assert console.color_system is None
    assert console.width == UNLIMITED


def test_colours_can_be_switched_off() -> None:
    assert console_for(Terminal(), no_color=True).color_system is None


@pytest.mark.parametrize(("value", "coloured"), [("1", False), ("", True)])
def test_no_color_counts_when_it_is_not_empty(monkeypatch: pytest.MonkeyPatch, value: str, coloured: bool) -> None:
    monkeypatch.setenv("NO_COLOR", value)
    assert (console_for(Terminal()).color_system is not None) is coloured


def test_a_terminal_is_known_by_its_stream() -> None:
    assert is_terminal(Terminal())
    assert not is_terminal(io.StringIO())
