from __future__ import annotations

import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from owui_sync import cli

BASH = shutil.which("bash")


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """A folder with `owui-sync` in it, for the PATH of a shell."""
    script = tmp_path / "owui-sync"
    script.write_text(f"#!{sys.executable}\nfrom owui_sync.cli import main\nmain()\n")
    script.chmod(0o755)
    return tmp_path


def completed(program: Path, *words: str) -> list[str]:
    """What bash would offer for the last of the words, through the script that `completion bash` prints."""
    assert BASH is not None
    script = f"""
        PATH={program}:$PATH
        eval "$(owui-sync completion bash)"
        COMP_WORDS=({" ".join(words)}) COMP_CWORD={len(words) - 1}
        $(complete -p owui-sync | sed 's/.*-F \\([^ ]*\\) .*/\\1/') owui-sync
        printf '%s\\n' "${{COMPREPLY[@]}}"
    """
    done = subprocess.run([BASH, "--norc", "-c", script], capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return done.stdout.split()


@pytest.mark.skipif(BASH is None, reason="no bash")
@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (["owui-sync", "pl"], ["plan"]),
        (["owui-sync", "s"], ["show", "state", "schema", "sandbox"]),
        (["owui-sync", "completion", "z"], ["zsh"]),
        (["owui-sync", "completion", "--no-"], ["--no-color"]),
    ],
)
def test_bash_completes(program: Path, words: list[str], offered: list[str]) -> None:
    assert completed(program, *words) == offered


PROJECT = {
    "owui-sync.yaml": """\
        version: 1
        layers: [manifests]
        targets: {prod: {url: https://a.example.com, token: !secret NOT_SET}, preview: {url: https://b.example.com}}
    """,
    "manifests/a.yaml": """\
        version: 1
        prompts: {triage: {content: !file missing.md}, two words: {content: x}}
        models: {bot: {system: !secret NOT_SET}}
        jobs: {smoke: {chat: {model: bot, prompt: hi}}, slow: {chat: {model: bot, prompt: hi}}}
    """,
}


@pytest.mark.skipif(BASH is None, reason="no bash")
@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (["plan", "--target", "pr"], ["prod", "preview"]),
        (["state", "list", "--target", "pro"], ["prod"]),
        (["plan", "--only", "pr"], ["prompt/triage"]),
        (["plan", "--exclude", "models/"], ["models/bot"]),
        (["apply", "other.yaml", "--only", "g"], ["group/Support"]),
        (["state", "show", "model/"], ["model/bot"]),
        (["run", "s"], ["smoke", "slow"]),
        (["explain", "prompt.con"], ["prompt.content"]),
        (["explain", "know"], ["knowledge"]),
        (["explain", "config.no"], ["config.notify"]),
        (["help", "pl"], ["plan"]),
        (["help", "state", "un"], ["unlock"]),
        (["help", "plan", "x"], []),
        (["plan", "missing.yaml", "--only", "p"], []),
    ],
)
def test_names_of_the_project_are_completed_without_a_server(
    program: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], offered: list[str]
) -> None:
    texts = {**PROJECT, "other.yaml": "version: 1\ngroups: {Support: {}}\n"}
    for name, text in texts.items():
        path = program / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(textwrap.dedent(text))
    monkeypatch.chdir(program)
    assert completed(program, "owui-sync", *words) == offered


@pytest.mark.parametrize(("shell", "mark"), [("zsh", "#compdef owui-sync"), ("fish", "complete --no-files")])
def test_other_shells_get_their_script(capsys: pytest.CaptureFixture[str], shell: str, mark: str) -> None:
    assert cli.run(["completion", shell]) == 0
    assert mark in capsys.readouterr().out


def test_an_unknown_shell_is_wrong_use() -> None:
    assert cli.run(["completion", "tcsh"]) == 64
