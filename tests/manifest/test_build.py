"""Entries: flat paths, normal forms, places."""

from __future__ import annotations

from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion

from owui_sync.kinds import KINDS
from owui_sync.values import Secret
from tests.support.folder import Folder
from tests.support.words import names_in, place_of


def test_fields_are_flat_and_in_normal_form(folder: Folder) -> None:
    body = """
models:
  m:
    params: {temperature: 0.5, nested: {a: 1}}
    tags: [b, a, b]
    access: {read: {users: [Bob@X.de]}, write: {users: [bob@x.de]}}
groups:
  G: {permissions: {workspace: {prompts: true}, chat: {}}, members: [B@x.de, a@x.de]}
"""
    desired = folder.load(body)
    assert desired.entries["model/m"].values == {
        "params.temperature": 0.5,
        "params.nested": {"a": 1},
        "tags": ["a", "b"],
        "access": {"read": {"users": ["bob@x.de"]}, "write": {"users": ["bob@x.de"]}},
    }
    assert desired.entries["group/G"].values == {
        "permissions.workspace.prompts": True,
        "members": ["a@x.de", "b@x.de"],
    }


def test_every_path_has_its_place(folder: Folder) -> None:
    entry = folder.load("groups:\n  G:\n    permissions:\n      workspace: {prompts: true}\n").entries["group/G"]
    assert str(entry.source) == "m.yaml:3:3"
    assert {path: str(at) for path, at in entry.positions.items()} == {
        "permissions": "m.yaml:4:5",
        "permissions.workspace": "m.yaml:5:7",
        "permissions.workspace.prompts": "m.yaml:5:19",
    }


def test_values_are_ordinary_and_shared_with_nothing(folder: Folder) -> None:
    desired = folder.load("x: &x {a: [1]}\nmodels: {m: {meta: *x}, n: {meta: *x}}".replace("x: &x", "vars: &x"))
    one, other = (desired.entries[f"model/{key}"].values["meta.a"] for key in "mn")
    assert type(one) is list
    assert one is not other


def test_a_list_with_a_secret_in_it_stays_as_it_is(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OWUI_S", "x")
    tags = folder.load("models: {m: {tags: [b, !secret OWUI_S, a]}}").entries["model/m"].values["tags"]
    assert (tags[0], type(tags[1]), tags[2]) == ("b", Secret, "a")


def test_keep_is_a_mark_not_a_value(folder: Folder) -> None:
    desired = folder.load("prompts: {p: {content: x, keep: true}, q: {content: x, keep: false}}")
    assert [entry.keep for entry in desired.of("prompt")] == [True, False]
    assert "keep" not in desired.entries["prompt/p"].values


def test_keys_are_compared_in_their_normal_spelling(
    folder: Folder, monkeypatch: pytest.MonkeyPatch, golden: SnapshotAssertion
) -> None:
    monkeypatch.setattr(type(KINDS["group"]), "normal_key", lambda self, key: key.lower())
    (problem,) = folder.problems("groups:\n  Team: {}\n  team: {}\n")
    assert place_of(problem) == "m.yaml:4:3"
    assert "m.yaml:3:3" in problem
    assert problem == golden
    assert list(folder.load("groups: {Team: {}}").entries) == ["group/team"]


def test_rules_keep_their_order_and_their_place(folder: Folder) -> None:
    body = "access_rules:\n  - {models: [b*, a], access: {read: everyone}}\n  - {models: [c], access: private}\n"
    rules: Any = folder.load(body).rules
    assert [(rule.models, rule.access, str(rule.source)) for rule in rules] == [
        (("b*", "a"), "public", "m.yaml:3:5"),
        (("c",), "private", "m.yaml:4:5"),
    ]


def test_names_under_absent_are_told_once(folder: Folder) -> None:
    absent = folder.load("absent: {prompts: [a, b, a], groups: [G]}").absent
    assert [(gone.address, str(gone.source)) for gone in absent] == [
        ("prompt/a", "m.yaml:2:20"),
        ("prompt/b", "m.yaml:2:23"),
        ("group/G", "m.yaml:2:39"),
    ]


def test_an_entry_that_cannot_be_created_is_warned_of(folder: Folder, golden: SnapshotAssertion) -> None:
    (warning,) = folder.load("prompts: {p: {access: public}}").warnings
    assert warning.where == "m.yaml:2:11"
    assert {"p", "content"} <= names_in(warning.message)
    assert str(warning) == golden


@pytest.mark.parametrize(
    "body",
    [
        "prompts: {p: {content: x, access: {read: {groups: [!secret OWUI_S]}}}}",
        "models: {m: {base: !secret OWUI_S}}",
        "groups: {g: {members: [!secret OWUI_S]}}",
        "access_rules: [{models: ['*'], access: {read: {users: [!secret OWUI_S]}}}]",
        "absent: {prompts: [!secret OWUI_S]}",
    ],
)
def test_a_name_cannot_be_a_secret(
    folder: Folder, monkeypatch: pytest.MonkeyPatch, body: str, golden: SnapshotAssertion
) -> None:
    monkeypatch.setenv("OWUI_S", "hunter2")
    (problem,) = folder.problems(body)
    assert "secret" in problem
    assert "hunter2" not in problem
    assert problem == golden


def test_what_is_unmanaged_is_neither_written_nor_unknown(folder: Folder) -> None:
    body = """
models:
  m:
    params: {temperature: 0.5}
    unmanaged: [knowledge, params.top_p]
"""
    entry = folder.load(body).entries["model/m"]
    assert [path for path in ("knowledge", "params.top_p", "params.temperature") if entry.leaves_alone(path)] == [
        "knowledge",
        "params.top_p",
    ]
    wrong = body.replace("[knowledge, params.top_p]", "[params, knowledg, tools.x]")
    problems = folder.problems(wrong)
    assert any("`knowledg` under `unmanaged` is no field" in problem for problem in problems)
    assert any("`tools.x` under `unmanaged` is no field" in problem for problem in problems)
    assert any("`params.temperature` is written, and stands under `unmanaged` too" in problem for problem in problems)


@pytest.mark.parametrize("value", ["hunter2", "!env PW", "!var pw"])
def test_a_password_that_does_not_come_by_secret_is_a_problem_and_is_not_shown(
    folder: Folder, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PW", "hunter2")
    [text] = folder.problems(f"vars: {{pw: hunter2}}\nusers:\n  a@b.c: {{role: user, password: {value}}}")
    assert text == (
        "m.yaml:4:23: `user/a@b.c`: `password` must come by `!secret`, not in clear text\n"
        "write `password: !secret NAME`, and set NAME where it is applied"
    )


def test_a_password_by_secret_is_valid(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PW", "hunter2")
    assert folder.problems("users: {a@b.c: {role: user, password: !secret PW}}") == []
    assert folder.problems('vars: {x: 1}\nusers: {a@b.c: {password: !sub "${x}${y}"}}', variables={"y": "z"}) != []
