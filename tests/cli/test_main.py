from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from syrupy.assertion import SnapshotAssertion

from owui_sync import __version__, cli
from owui_sync.cli.options import (
    Command,
    ConnectionOptions,
    connection_options,
    current_settings,
    output_options,
    selection_options,
    stack_option,
    target_options,
    with_global_options,
)
from owui_sync.errors import Diagnostic, Interrupted, Locked, ManifestError, OwuiSyncError, StalePlan, UnsafePlan
from owui_sync.report.reporters import Reporter

PROGRAM = [sys.executable, "-m", "owui_sync"]
Probe = Callable[[Callable[..., Any]], Callable[..., int]]


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("OWUI_")]:
        monkeypatch.delenv(name)


@pytest.fixture
def probe(monkeypatch: pytest.MonkeyPatch) -> Iterator[Probe]:
    """Puts a function in as the command `plan`; gives a function that runs `owui-sync` with some words."""
    commands = dict(cli.cli.commands)

    def install(function: Callable[..., Any]) -> Callable[..., int]:
        command = with_global_options(click.command("plan", cls=Command)(function))
        monkeypatch.setitem(cli.cli.commands, "plan", command)
        return lambda *words: cli.run(words)

    yield install
    cli.cli.commands = commands


def raises(error: BaseException) -> Callable[[], None]:
    def command() -> None:
        raise error

    return command


def test_help_lists_every_command_without_importing_one() -> None:
    script = (
        "import sys\nfrom owui_sync.cli import run\nrun(['--help'])\n"
        "heavy = {'rich', 'httpx', 'jsonschema', 'yaml', 'logging', 'asyncio', 'deepdiff'}\n"
        "print([name for name in sys.modules if name.startswith('owui_sync.cli.') or name in heavy], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "['owui_sync.cli.connection', 'owui_sync.cli.options']"
    listed = [line.split()[0] for line in done.stdout.splitlines() if line.startswith("  ") and line[2:3].isalpha()]
    assert [name for name in listed if name in cli.COMMANDS] == list(cli.COMMANDS)


@pytest.mark.parametrize("name", list(cli.COMMANDS))
def test_the_listing_says_what_a_commands_own_help_says(name: str) -> None:
    command = cli.cli.get_command(click.Context(cli.cli), name)
    assert command is not None
    assert command.get_short_help_str(1000).rstrip(".") + "." == cli.COMMANDS[name]


@pytest.mark.parametrize("name", list(cli.COMMANDS))
def test_every_command_has_each_option_once(name: str) -> None:
    def check(command: click.Command) -> None:
        names = [option for param in command.params for option in param.opts]
        assert len(names) == len(set(names))
        assert {"-v", "-q", "--log-format", "--no-color"} <= set(names)
        for child in command.commands.values() if isinstance(command, click.Group) else ():
            check(child)

    command = cli.cli.get_command(click.Context(cli.cli), name)
    assert command is not None
    check(command)


def test_help_lists_the_exit_codes(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["--help"]) == 0
    out = capsys.readouterr().out
    assert all(f"\n  {code} " in out for code in (0, 1, 2, 3, 4, 5, 6, 64, 75, 130))


def test_the_version_is_the_packages(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["--version"]) == 0
    assert capsys.readouterr().out == f"owui-sync {__version__}\n"


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (OwuiSyncError("x"), 1),
        (ManifestError("x"), 1),
        (StalePlan("x"), 4),
        (UnsafePlan("x"), 5),
        (Locked("x"), 75),
        (Interrupted("x"), 130),
        (click.UsageError("x"), 64),
        (click.BadParameter("x"), 64),
        (click.ClickException("x"), 1),
        (click.Abort(), 130),
        (KeyboardInterrupt(), 130),
        (click.exceptions.Exit(3), 3),
        (RuntimeError("x"), 1),
    ],
)
def test_each_error_has_its_exit_code(probe: Probe, error: BaseException, code: int) -> None:
    assert probe(raises(error))("plan") == code


def test_what_a_command_returns_is_the_exit_code(probe: Probe) -> None:
    assert probe(lambda: 2)("plan") == 2
    assert probe(lambda: None)("plan") == 0


def test_errors_go_to_stderr_with_every_problem(
    probe: Probe, capsys: pytest.CaptureFixture[str], golden: SnapshotAssertion
) -> None:
    error = ManifestError.of([Diagnostic("one", "a.yaml:1:1", "do this"), Diagnostic("two")])
    probe(raises(error))("plan")
    captured = capsys.readouterr()
    assert captured.out == ""
    assert [word for word in ("one", "a.yaml:1:1", "do this", "two") if word not in captured.err] == []
    assert captured.err == golden


def test_an_unexpected_error_is_one_line_and_says_how_to_see_more(
    probe: Probe, capsys: pytest.CaptureFixture[str], golden: SnapshotAssertion
) -> None:
    run = probe(raises(RuntimeError("boom")))
    run("plan")
    err = capsys.readouterr().err
    what, how = err.splitlines()
    assert what.endswith("RuntimeError: boom")
    assert "-vv" in how
    assert err == golden
    run("plan", "-vv")
    assert "Traceback (most recent call last)" in capsys.readouterr().err


WRONG_USE = {
    "diff a": ("diff", "owui-sync plan"),
    "import x": ("import", "owui-sync export"),
    "help plann": ("plann", "owui-sync --help"),
    "help state lst": ("state lst", "owui-sync state --help"),
    "pla": ("pla", "plan"),
    "xyz": ("xyz", "owui-sync --help"),
    "plan --verbos": ("--verbos", "--verbose"),
    "--nonsense": ("--nonsense", "owui-sync --help"),
    "plan --log-format xml": ("--log-format", "owui-sync plan --help"),
    "completion": ("argument", "owui-sync completion --help"),
}


@pytest.mark.parametrize("line", WRONG_USE)
def test_wrong_use_is_64_and_helps(
    probe: Probe, capsys: pytest.CaptureFixture[str], line: str, golden: SnapshotAssertion
) -> None:
    assert probe(lambda: 0)(*line.split()) == 64
    wrong, right = WRONG_USE[line]
    first, second = capsys.readouterr().err.splitlines()
    assert wrong in first
    assert right in second
    assert [first, second] == golden


def test_version_is_a_command_too(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["version"]) == 0
    assert capsys.readouterr().out == f"owui-sync {__version__}\n"


@pytest.mark.parametrize("words", [[], ["plan"], ["state"], ["state", "list"], ["help"]])
def test_help_shows_what_the_option_shows(capsys: pytest.CaptureFixture[str], words: list[str]) -> None:
    assert cli.run([*words, "--help"]) == 0
    shown = capsys.readouterr().out
    assert cli.run(["help", *words]) == 0
    assert capsys.readouterr().out == shown


@pytest.mark.parametrize("words", [[], ["state"], ["sandbox"]])
def test_without_a_command_the_help_goes_to_stderr_as_it_is(
    capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    assert cli.run([*words, "--help"]) == 0
    help = capsys.readouterr().out
    assert cli.run(words) == 64
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("", help)


@pytest.mark.parametrize(
    "words",
    [
        ["-vv", "-q", "--no-color", "--log-format", "json", "plan"],
        ["plan", "-vv", "-q", "--no-color", "--log-format", "json"],
        ["-v", "--no-color", "plan", "-q", "-v", "--log-format=json"],
        ["--log-format", "text", "plan", "-vvq", "--no-color", "--log-format", "json"],
    ],
)
def test_global_options_stand_before_or_after_the_command(probe: Probe, words: list[str]) -> None:
    seen = []
    assert probe(lambda: seen.append(current_settings()))(*words) == 0
    (output,) = seen
    assert (output.verbosity, output.quiet, output.no_color, output.log_format) == (2, True, True, "json")


def test_options_of_one_run_are_gone_in_the_next(probe: Probe) -> None:
    seen: list[int] = []
    run = probe(lambda: seen.append(current_settings().verbosity))
    run("-vv", "plan")
    run("plan")
    assert seen == [2, 0]


def test_with_json_logs_all_of_stderr_is_json(probe: Probe, capsys: pytest.CaptureFixture[str]) -> None:
    probe(raises(Locked("held", hint="wait")))("plan", "--log-format", "json")
    entry = json.loads(capsys.readouterr().err)
    assert (entry["level"], entry["message"], entry["hint"]) == ("error", "held", "wait")


def test_progress_stays_out_of_logs_for_machines(probe: Probe) -> None:
    seen: list[bool] = []
    run = probe(lambda: seen.append(current_settings().shows_progress))
    for words in (["plan"], ["plan", "-q"], ["plan", "--log-format", "json"]):
        run(*words)
    assert seen == [True, False, False]


def connections(probe: Probe) -> tuple[list[ConnectionOptions], Callable[..., int]]:
    seen: list[ConnectionOptions] = []

    @connection_options
    def command(connection: ConnectionOptions) -> None:
        seen.append(connection)

    return seen, probe(command)


def test_connection_values_come_from_options_and_environment(probe: Probe, monkeypatch: pytest.MonkeyPatch) -> None:
    seen, run = connections(probe)
    monkeypatch.setenv("OWUI_URL", "https://env.example.com")
    monkeypatch.setenv("OWUI_TOKEN", "sk-env")
    assert run("plan", "--timeout", "5", "--rate", "2.5", "--parallelism", "8", "--insecure") == 0
    assert run("plan", "--url", "https://typed.example.com", "--ca-bundle", "ca.pem") == 0
    assert seen == [
        ConnectionOptions("https://env.example.com", "sk-env", None, None, True, 5.0, 8, 2.5),
        ConnectionOptions("https://typed.example.com", "sk-env", None, Path("ca.pem"), False, None, 4, None),
    ]


@pytest.mark.parametrize("words", [["--timeout", "0"], ["--rate", "-1"], ["--parallelism", "0"], ["--rate", "fast"]])
def test_numbers_that_make_no_sense_are_wrong_use(probe: Probe, words: list[str]) -> None:
    assert connections(probe)[1]("plan", *words) == 64


def test_a_typed_token_beats_one_of_the_environment(probe: Probe, monkeypatch: pytest.MonkeyPatch) -> None:
    seen, run = connections(probe)
    monkeypatch.setenv("OWUI_TOKEN", "sk-env")
    assert run("plan", "--token-file", "token.txt") == 0
    monkeypatch.setenv("OWUI_TOKEN_FILE", "env.txt")
    assert run("plan", "--token", "sk-typed") == 0
    assert [(each.token, each.token_file) for each in seen] == [(None, Path("token.txt")), ("sk-typed", None)]


def test_two_tokens_in_one_place_are_wrong_use(
    probe: Probe, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _, run = connections(probe)
    assert run("plan", "--token", "sk-typed", "--token-file", "x") == 64
    monkeypatch.setenv("OWUI_TOKEN", "sk-env")
    monkeypatch.setenv("OWUI_TOKEN_FILE", "env.txt")
    assert run("plan") == 64
    assert "sk-" not in capsys.readouterr().err


def test_the_token_shows_neither_in_help_nor_in_a_repr(
    probe: Probe, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    seen, run = connections(probe)
    monkeypatch.setenv("OWUI_TOKEN", "sk-env")
    run("plan")
    run("plan", "--help")
    run("plan", "--rate", "wrong")
    captured = capsys.readouterr()
    assert "sk-env" not in captured.out + captured.err + repr(seen)
    assert "OWUI_TOKEN" in captured.out


def test_shared_options_give_a_command_their_values(probe: Probe) -> None:
    seen: list[dict[str, Any]] = []

    @target_options
    @stack_option
    @selection_options
    @output_options("text", "json")
    def command(reporter: Reporter, **values: Any) -> None:
        seen.append(values | {"reporter": type(reporter).__name__})

    run = probe(command)
    assert run("plan") == 0
    assert run("plan", "--only", "a/*", "--only", "b/*", "--exclude", "c/d", "--format", "json", "--stack", "s") == 0
    assert run("plan", "--format", "yaml") == 64
    nothing = {"target": None, "config": None, "stack": None, "only": (), "exclude": (), "reporter": "TextReporter"}
    assert seen == [
        nothing,
        nothing | {"only": ("a/*", "b/*"), "exclude": ("c/d",), "reporter": "JsonReporter", "stack": "s"},
    ]


def test_help_of_a_command_lists_options_under_headings(probe: Probe, capsys: pytest.CaptureFixture[str]) -> None:
    @connection_options
    @click.option("--own", help="Its own.")
    def command(**values: Any) -> None:
        """Do."""

    probe(command)("plan", "--help")
    out = capsys.readouterr().out
    headings = [line for line in out.splitlines() if line.endswith(":") and not line.startswith(" ")]
    assert headings == ["Options:", "Connection:", "Global options:"]
    assert out.index("--own") < out.index("--url") < out.index("--log-format")


def test_a_reader_that_goes_away_ends_the_command_quietly() -> None:
    script = "from owui_sync import cli\nimport click, sys\n" + (
        "cli.cli.commands['plan'] = click.command()(lambda: [click.echo('x' * 1000) for _ in range(10_000)] and None)\n"
        "sys.argv = ['owui-sync', 'plan']\ncli.main()"
    )
    running = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert running.stdout is not None
    assert running.stderr is not None
    running.stdout.read(10)
    running.stdout.close()
    assert running.stderr.read() == b""
    running.stderr.close()
    assert running.wait() == 1


def test_a_short_output_that_nobody_reads_ends_quietly_too() -> None:
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run([*PROGRAM, "--help"], stdout=write, stderr=subprocess.PIPE, check=False)
    os.close(write)
    assert done.stderr == b""


def test_letters_that_the_output_cannot_take_are_escaped_not_fatal() -> None:
    done = subprocess.run(
        [*PROGRAM, "plän"],
        capture_output=True,
        check=False,
        env=os.environ | {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"},
    )
    assert done.returncode == 64
    assert done.stderr.startswith(b"error: no such command: pl\\xe4n")
