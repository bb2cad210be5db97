"""From paths to `Desired`."""

from __future__ import annotations

import pytest
from syrupy.assertion import SnapshotAssertion

from owui_sync.manifest.load import load
from tests.support.folder import Folder
from tests.support.words import names_in, place_of

WHOLE = """
stack: support
vars: {stage: staging}
groups:
  Support: {description: People, members: [bob@example.com]}
prompts:
  triage: {content: !file triage.md, access: {read: everyone}}
models:
  bot: {name: !sub "Bot ${stage}", base: gpt-4.1, keep: true}
access_rules:
  - {models: ["gpt-*"], access: {read: {groups: [Support]}}}
absent:
  prompts: [old]
"""


def test_a_whole_manifest(folder: Folder) -> None:
    folder.write("triage.md", "text\r\n")
    desired = folder.load(WHOLE)
    assert desired.stack == "support"
    assert list(desired.entries) == ["group/Support", "prompt/triage", "model/bot"]
    assert desired.entries["prompt/triage"].values == {"content": "text\r\n", "access": "public"}
    assert desired.entries["model/bot"].values["name"] == "Bot staging"
    assert len(desired.rules) == len(desired.absent) == 1
    assert desired.files == ("m.yaml", "triage.md")
    assert desired.warnings == ()


@pytest.mark.parametrize(
    ("written", "wanted", "stack"),
    [(None, None, "default"), ("a", None, "a"), (None, "b", "b"), ("a", "a", "a")],
)
def test_the_stack_is_that_of_the_manifests_or_of_the_configuration(
    folder: Folder, written: str | None, wanted: str | None, stack: str
) -> None:
    assert folder.load(f"stack: {written}" if written else "", stack=wanted).stack == stack


def test_a_stack_that_contradicts_the_configuration_is_a_problem(folder: Folder, golden: SnapshotAssertion) -> None:
    (problem,) = folder.problems("stack: a", stack="b")
    assert (place_of(problem), names_in(problem)) == ("m.yaml:2:8", {"a", "b"})
    assert problem == golden


def test_loading_the_same_files_twice_gives_the_same(folder: Folder) -> None:
    path = folder.manifest("prompts: {p: {content: x, tags: [b, a]}}")
    assert load([path]) == load([path])


def test_an_empty_layer_asks_for_nothing(folder: Folder) -> None:
    desired = load([folder.write("m.yaml", "version: 1")])
    assert (dict(desired.entries), desired.stack, desired.files) == ({}, "default", ("m.yaml",))
