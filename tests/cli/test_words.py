"""Options and arguments that cannot mean anything are refused before a server is asked."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from owui_sync.cli.run_jobs import split_words
from owui_sync.errors import UsageError
from tests.support.project import run_here

ENV = {"PATH": os.environ["PATH"], "OWUI_URL": "http://127.0.0.1:9", "OWUI_TOKEN": "sk-x"}


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("plan . --out -", "standard output"),
        ("apply . --yes --junit -", "standard output"),
        ("run j --junit -", "standard output"),
        ("export -o -", "standard output"),
        ("init -", "standard output"),
        ("plan . --max-delete 300%", "0% to 100%"),
        ("plan . --ca-bundle nope.pem", "nope.pem cannot be used: No such file"),
        ("doctor --ca-bundle nope.pem", "nope.pem cannot be used: No such file"),
        ("export -o out --ca-bundle nope.pem", "nope.pem cannot be used: No such file"),
        ("apply plan.json --yes --only prompts/*", "to `plan`"),
        ("doctor --url https://chat.test:99999", "ports go from 1 to 65535"),
        ("run ./", "no job is given"),
    ],
)
def test_it_is_wrong_use(tmp_path: Path, words: str, told: str) -> None:
    (tmp_path / "m.yaml").write_text("version: 1\nprompts: {p: {content: x}}\n")
    before = sorted(tmp_path.iterdir())
    ran = run_here(tmp_path, ENV, *words.split())
    assert (ran.code, ran.out) == (64, "")
    assert told in ran.err
    assert sorted(tmp_path.iterdir()) == before


def test_run_takes_paths_as_all_others_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("manifests", "smoke"):
        (tmp_path / name).mkdir()
    (tmp_path / "m.yaml").touch()
    assert split_words(["smoke"]) == (("smoke",), ())
    assert split_words(["nightly", "manifests"]) == (("nightly",), (Path("manifests"),))
    assert split_words(["smoke", "./manifests"]) == (("smoke",), (Path("manifests"),))
    assert split_words(["smoke", "m.yaml", "over/lay"]) == (("smoke",), (Path("m.yaml"), Path("over/lay")))
    assert split_words(["a", "b", "."]) == (("a", "b"), (Path(),))
    with pytest.raises(UsageError):
        split_words(["m.yaml", "./"])


def test_run_reads_the_manifests_of_its_path(tmp_path: Path) -> None:
    (tmp_path / "manifests").mkdir()
    (tmp_path / "manifests/m.yaml").write_text("version: 1\njobs: {j: {chat: {model: m, prompt: x}}}\n")
    ran = run_here(tmp_path, ENV, "run", "k", "manifests")
    assert ran.code == 64
    assert "did you mean `j`" in ran.err or "jobs: `j`" in ran.err
    assert run_here(tmp_path, ENV, "run", "j", "manifests").code == 69
