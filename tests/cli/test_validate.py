"""`owui-sync validate`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from owui_sync.cli import run
from tests.support.words import names_in, numbers_in


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("OWUI_TARGET", raising=False)


def _write(name: str, text: str) -> None:
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    Path(name).write_text(text)


def test_a_valid_manifest_is_told_in_one_line(capsys: pytest.CaptureFixture[str], golden: SnapshotAssertion) -> None:
    _write("m/a.yaml", "version: 1\nprompts: {p: {content: x}}\ngroups: {a: {}, b: {}}\n")
    assert run(["validate", "m"]) == 0
    out, err = capsys.readouterr()
    assert (err, numbers_in(out), len(out.splitlines())) == ("", ["2", "1", "1"], 1)
    assert out == golden


def test_problems_go_to_stderr_with_exit_code_1(capsys: pytest.CaptureFixture[str], golden: SnapshotAssertion) -> None:
    _write("m.yaml", "version: 1\nprompts: {p: {contnet: x}}\n")
    assert run(["validate", "m.yaml"]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert "m.yaml:2:15" in err
    assert {"contnet", "content"} <= names_in(err)
    assert err == golden


def test_the_document_of_an_invalid_manifest(capsys: pytest.CaptureFixture[str]) -> None:
    _write("m.yaml", "version: 1\nprompts: {p: {contnet: x}}\n")
    assert run(["validate", "m.yaml", "--format", "json"]) == 1
    out, err = capsys.readouterr()
    assert err == ""
    document = json.loads(out)
    [problem] = document.pop("problems")
    assert document == {"format": 1, "valid": False, "warnings": [], "entries": {}}
    assert names_in(problem.pop("message")) == {"contnet", "prompts.p"}
    assert names_in(problem.pop("hint")) == {"content"}
    assert problem == {"where": "m.yaml:2:15", "file": "m.yaml", "line": 2, "column": 15}


def test_the_document_of_a_valid_manifest(capsys: pytest.CaptureFixture[str]) -> None:
    _write("m.yaml", "version: 1\nprompts: {p: {access: public}}\n")
    assert run(["validate", "m.yaml", "--format", "json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["valid"], document["problems"], document["entries"]) == (True, [], {"prompt": 1})
    assert document["warnings"][0]["line"] == 2


def test_warnings_go_to_stderr_and_change_nothing(
    capsys: pytest.CaptureFixture[str], golden: SnapshotAssertion
) -> None:
    _write("m.yaml", "version: 1\nprompts: {p: {access: public}}\n")
    assert run(["validate", "m.yaml"]) == 0
    out, err = capsys.readouterr()
    assert numbers_in(out) == ["1", "1"]
    assert "m.yaml:2:" in err
    assert err == golden


def test_without_paths_the_layers_of_the_target_are_read(capsys: pytest.CaptureFixture[str]) -> None:
    _write("low/a.yaml", "version: 1\nprompts: {p: {content: !var v}}\n")
    _write("high/a.yaml", "version: 1\nprompts: {q: {content: x}}\n")
    _write("owui-sync.yaml", "version: 1\nlayers: [low]\nvars: {v: x}\ntargets: {t: {layers: [low, high]}}\n")
    assert run(["validate"]) == 0
    assert run(["validate", "--target", "t"]) == 0
    assert [numbers_in(line) for line in capsys.readouterr().out.splitlines()] == [["1", "1"], ["2", "2"]]


def test_without_paths_and_configuration_init_is_named(
    capsys: pytest.CaptureFixture[str], golden: SnapshotAssertion
) -> None:
    assert run(["validate"]) == 1
    err = capsys.readouterr().err
    assert "owui-sync init" in err
    assert err == golden


def test_an_unknown_target_lists_those_that_are(capsys: pytest.CaptureFixture[str]) -> None:
    _write("conf.yaml", "version: 1\nlayers: [m]\ntargets: {prod: {}}\n")
    assert run(["validate", "--config", "conf.yaml", "--target", "prd"]) == 1
    assert "did you mean `prod`?" in capsys.readouterr().err


def test_variables_of_the_command_line_win(capsys: pytest.CaptureFixture[str]) -> None:
    _write("m.yaml", "version: 1\nvars: {on: 1}\nprompts: {p: {content: x, active: !var on}}\n")
    _write("v.yaml", "on: 2\n")
    assert run(["validate", "m.yaml", "--var-file", "v.yaml"]) == 1
    assert run(["validate", "m.yaml", "--var-file", "v.yaml", "--var", "on=true"]) == 0
    assert "not the number 2" in capsys.readouterr().err


def test_a_missing_secret_is_a_problem_unless_allowed(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OWUI_NO", raising=False)
    _write("m.yaml", "version: 1\nprompts: {p: {content: !secret OWUI_NO}}\n")
    assert run(["validate", "m.yaml"]) == 1
    assert capsys.readouterr().out == ""
    assert run(["validate", "m.yaml", "--allow-missing-secrets"]) == 0
    assert numbers_in(capsys.readouterr().out) == ["1", "1"]


def test_files_outside_need_permission(tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = tmp_path_factory.mktemp("outside") / "x.md"
    outside.write_text("x")
    _write("m.yaml", f"version: 1\nprompts: {{p: {{content: !file {outside}}}}}\n")
    assert run(["validate", "m.yaml"]) == 1
    assert run(["validate", "m.yaml", "--allow-outside"]) == 0


def test_a_malformed_variable_is_wrong_use() -> None:
    _write("m.yaml", "version: 1\n")
    assert run(["validate", "m.yaml", "--var", "x"]) == 64
