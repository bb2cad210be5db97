"""From the options of a command to `Desired`, for every command that reads manifests."""

from __future__ import annotations

from pathlib import Path

import pytest

from owui_sync.cli.manifest_options import chosen_target, read_manifests

CONFIG = "version: 1\nlayers: [m]\nstack: s\nvars: {v: config}\ntargets: {t: {url: 'https://t.example.com'}}\n"


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("m").mkdir()
    Path("m/a.yaml").write_text("version: 1\nprompts: {p: {content: !var v}}\n")
    Path("owui-sync.yaml").write_text(CONFIG)


def test_the_configuration_gives_layers_stack_variables_and_target() -> None:
    manifests = read_manifests((), (), (), None, "t", False)
    assert manifests.layers == (Path.cwd() / "m",)
    assert manifests.desired.stack == "s"
    assert manifests.desired.entries["prompt/p"].values == {"content": "config"}
    assert manifests.target.connection().url == "https://t.example.com"


def test_paths_and_variables_of_the_command_line_win() -> None:
    Path("other.yaml").write_text("version: 1\nprompts: {q: {content: !var v}}\n")
    manifests = read_manifests((Path("other.yaml"),), ("v=option",), (), None, None, False)
    assert manifests.layers == (Path("other.yaml"),)
    assert manifests.desired.entries["prompt/q"].values == {"content": "option"}


def test_commands_without_manifests_find_their_target_too() -> None:
    assert chosen_target(None, "t").name == "t"
    Path("owui-sync.yaml").unlink()
    assert chosen_target(None, None).root is None
