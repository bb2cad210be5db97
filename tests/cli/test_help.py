"""`--help` of every command, as it is shown."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

import click
import pytest
from syrupy.assertion import SnapshotAssertion

from owui_sync import cli


@pytest.fixture(autouse=True)
def _terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal of a fixed width, and no variables that options take their values from."""
    for name in [name for name in os.environ if name.startswith("OWUI_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("COLUMNS", "100")


def words_of(command: click.Command, *words: str) -> Iterator[tuple[str, ...]]:
    """The words that call a command and each of its subcommands."""
    yield words
    for name, child in command.commands.items() if isinstance(command, click.Group) else ():
        yield from words_of(child, *words, name)


def shown(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert cli.run([*words, "--help"]) == 0
    out, err = capsys.readouterr()
    # Before 8.3, click put a second pair of brackets around choices that may be left out.
    out = re.sub(r"\[\[(.+)\]\]", r"[\1]", out)
    assert err == ""
    assert max(map(len, out.splitlines())) <= 100
    return f"$ {' '.join([cli.PROGRAM, *words])} --help\n{out}"


def test_of_the_program(capsys: pytest.CaptureFixture[str], golden: SnapshotAssertion) -> None:
    assert shown(capsys) == golden


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_of_a_command_and_its_subcommands(
    name: str, capsys: pytest.CaptureFixture[str], golden: SnapshotAssertion
) -> None:
    command = cli.cli.get_command(click.Context(cli.cli), name)
    assert command is not None
    assert "\n".join(shown(capsys, *words) for words in words_of(command, name)) == golden
