"""The configuration: what is common, what a target says, and what is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from owui_sync.errors import ManifestError
from owui_sync.manifest.config import Config, Connection, Target, find, load_config
from tests.support.folder import Folder
from tests.support.words import names_in, place_of

WHOLE = """version: 1
layers: [manifests]
stack: main
vars: {stage: production, region: eu}
targets:
  prod:
    url: !sub "https://${stage}.example.com"
    token: !secret OWUI_T
    ca_bundle: ca.pem
  test:
    url: !env OWUI_U
    token_file: /run/token
    layers: [manifests, overlays/test]
    stack: !sub "main-${stage}"
    vars: {stage: test}
default_target: prod
"""


def _config(folder: Folder, text: str = WHOLE, name: str = "p/owui-sync.yaml") -> Config:
    return load_config(folder.write(name, text))


def test_paths_are_relative_to_the_configuration(folder: Folder) -> None:
    target = _config(folder).target("test")
    assert target.layers == (folder.path / "p/manifests", folder.path / "p/overlays/test")
    assert target.root == folder.path / "p"


def test_a_target_adds_to_what_is_common(folder: Folder) -> None:
    config = _config(folder)
    default, test = config.target(None), config.target("test")
    assert (default.name, default.stack, default.layers) == ("prod", "main", (folder.path / "p/manifests",))
    assert (test.stack, dict(test.variables)) == ("main-test", {"stage": "test", "region": "eu"})
    assert config.targets == ("prod", "test")


def test_a_connection_is_worked_out_only_when_asked_for(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OWUI_T", raising=False)
    target = _config(folder).target("prod")
    with pytest.raises(ManifestError, match=r"p/owui-sync.yaml:8:12: the secret `OWUI_T` is not set"):
        target.connection()
    assert target.connection(leave_out=("token",)).url == "https://production.example.com"
    monkeypatch.setenv("OWUI_T", "sk-1")
    connection = target.connection()
    assert connection.token is not None
    assert connection.token.reveal() == "sk-1"
    assert connection.ca_bundle == folder.path / "p/ca.pem"


def test_a_token_from_the_environment_is_a_secret_too(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OWUI_T", "sk-1")
    text = "version: 1\ntargets: {a: {token: !env OWUI_T}}\n"
    connection = _config(folder, text).target("a").connection()
    assert "sk-1" not in repr(connection)


def test_without_targets_the_common_settings_count(folder: Folder) -> None:
    target = _config(folder, "version: 1\nlayers: [m]\nstack: s\n").target(None)
    assert (target.name, target.stack, target.layers) == (None, "s", (folder.path / "p/m",))
    assert target.connection() == Connection()


def test_an_unknown_target_lists_those_that_are(folder: Folder, golden: SnapshotAssertion) -> None:
    with pytest.raises(ManifestError) as caught:
        _config(folder).target("tset")
    assert place_of(str(caught.value)) == "p/owui-sync.yaml"
    assert names_in(str(caught.value)) == {"tset", "prod", "test"}
    assert str(caught.value) == golden


def test_a_target_without_configuration_is_refused(golden: SnapshotAssertion) -> None:
    with pytest.raises(ManifestError, match="`x`") as caught:
        Config().target("x")
    assert str(caught.value) == golden
    assert Config().target(None) == Target()


def test_no_layers_names_what_to_do(folder: Folder, golden: SnapshotAssertion) -> None:
    with pytest.raises(ManifestError, match="owui-sync init") as nowhere:
        Target().require_layers()
    with pytest.raises(ManifestError, match=r"`layers: \[manifests\]`") as configured:
        _config(folder, "version: 1\n").target(None).require_layers()
    assert [str(nowhere.value), str(configured.value)] == golden


MISTAKES: dict[str, tuple[str, set[str]]] = {
    "": ("", set()),
    "layers: [m]": (":1:1", {"version"}),
    "version: 1\ntarget: {}": (":2:1", {"target", "targets"}),
    "version: 1\ntargets: {a: {ulr: x}}": (":2:15", {"ulr", "targets.a", "url"}),
    "version: 1\ntargets: {a: {token: sk-1}}": (":2:22", {"a"}),
    "version: 1\ntargets: {a: {}}\ndefault_target: b": (":3:17", {"default_target", "b"}),
    "version: 1\nvars: !file x": (":2:7", {"vars"}),
    "version: 1\ntargets: {a: !var x}": (":2:14", {"a"}),
    "version: 1\nlayers: m": (":2:9", {"layers", "m"}),
    "version: 1\ntargets: null": (":2:10", {"targets", "null"}),
    "version: 1\nlayers: [m": (":2:9", {"["}),
}


@pytest.mark.parametrize("text", MISTAKES, ids=lambda text: text.removeprefix("version: 1\n") or "nothing")
def test_each_mistake_has_its_place(folder: Folder, text: str, golden: SnapshotAssertion) -> None:
    with pytest.raises(ManifestError) as caught:
        _config(folder, text)
    assert len(caught.value.problems) == 1
    place, names = MISTAKES[text]
    assert place_of(str(caught.value)) == f"p/owui-sync.yaml{place}"
    assert names <= names_in(str(caught.value))
    assert "sk-1" not in str(caught.value)
    assert str(caught.value) == golden


def test_a_tag_that_gives_the_wrong_type_is_told_when_it_is_worked_out(
    folder: Folder, golden: SnapshotAssertion
) -> None:
    config = _config(folder, "version: 1\nvars: {v: 5}\ntargets: {a: {url: !var v}}\nstack: !var v\n")
    with pytest.raises(ManifestError, match="`stack`") as caught:
        config.target("a")
    assert str(caught.value) == golden


def test_only_the_folder_itself_is_searched(folder: Folder) -> None:
    folder.write("owui-sync.yaml", "version: 1")
    (folder.path / "sub").mkdir()
    assert find(folder.path) == folder.path / "owui-sync.yaml"
    assert find(Path("sub")) is None


def test_a_target_has_a_selection_of_its_own_or_the_common_one(folder: Folder) -> None:
    common = "version: 1\nonly: [models/a-*]\nexclude: [jobs/x]\ntargets:\n  own: {only: [prompts/*]}\n  none: {}\n"
    config = load_config(folder.write("owui-sync.yaml", common))
    assert (config.target("own").only, config.target("own").exclude) == (("prompts/*",), ("jobs/x",))
    assert config.target("none").only == ("models/a-*",)
    with pytest.raises(ManifestError, match="KIND/GLOB"):
        load_config(folder.write("owui-sync.yaml", "version: 1\nonly: [modls/x]\n"))
