from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion

from owui_sync.export.entry import EntryBuilder, ExportedEntry, key_problem
from owui_sync.export.tree import Tree
from owui_sync.kinds.names import IdIndex
from owui_sync.kinds.observed import ObservedResource
from owui_sync.plan.snapshot import Snapshot
from owui_sync.plan.types import ServerIdentity
from tests.support import build


def server(*lives: ObservedResource, version: str = "0.12.4", **known: list[str]) -> Snapshot:
    """A server with these objects and names, of which every kind was read."""
    names = IdIndex()
    for kind, keys in known.items():
        for number, key in enumerate(keys):
            names.add(kind, key, f"id-{number}-{key}")
    snapshot = build.snapshot(*lives, names=names)
    return replace(
        snapshot,
        server=ServerIdentity("http://x", version),
        want=frozenset({"user", "group", "knowledge", "tool", "function", "skill", "model"}),
    )


def item(live: ObservedResource, snapshot: Snapshot | None = None, **options: Any) -> tuple[ExportedEntry, list[str]]:
    limit = options.pop("limit", None)
    entering = EntryBuilder(live, snapshot or server(live), **options)
    return entering.item(limit), entering.warnings


def raw(address: str, **values: Any) -> ObservedResource:
    """An object with these paths; a dot in one is written as two underscores."""
    kind, _, key = address.partition("/")
    return ObservedResource(kind, key, "an-id", {path.replace("__", "."): value for path, value in values.items()}, {})


def test_only_what_differs_from_the_defaults_is_written_in_the_order_of_the_kinds_fields() -> None:
    live = raw(
        "model/m", access="public", name="m", description="", active=False, params__top_p=1, params__n=2, system="Hi"
    )
    found, warnings = item(live)
    assert warnings == []
    assert list(found.fields.items()) == [
        ("system", "Hi"),
        ("params", {"n": 2, "top_p": 1}),
        ("active", False),
        ("access", "public"),
    ]


def test_the_servers_own_word_for_a_default_counts() -> None:
    live = replace(raw("model/m", name="Provider's name"), defaults={"name": "Provider's name"})
    assert item(live)[0].fields == {}


def test_leaves_with_a_dot_in_their_name_stay_whole() -> None:
    live = ObservedResource("model", "m", "m", {"params.a.b": 1, "meta.x.y": {"z": 2}}, {})
    assert item(live)[0].fields == {"params": {"a.b": 1}, "meta": {"x.y": {"z": 2}}}


def test_what_the_servers_version_does_not_know_is_not_written() -> None:
    live = raw("prompt/p", content="x", tags=["a"])
    assert item(live, server(live, version="0.6.43"))[0].fields == {"content": "x"}
    assert item(live, server(live, version="0.12.4"))[0].fields == {"content": "x", "tags": ["a"]}


def test_a_field_that_names_what_is_gone_stays_unmanaged_as_a_whole() -> None:
    access = {"read": {"groups": ["Support", "gone-id"], "users": ["also-gone"]}}
    live = raw("prompt/p", content="x", access=access)
    found, warnings = item(live, server(live, group=["Support"]))
    assert (found.fields, found.left_out) == ({"content": "x"}, ("access",))
    assert warnings == [
        "prompt/p: `access` is left out: it names group 'gone-id', user 'also-gone', which the server does not have"
    ]


def test_what_was_applied_and_is_left_out_is_listed_as_unmanaged() -> None:
    live = raw("group/g", description="\ud800", members=["gone"])
    found, _ = item(live)
    assert found.leaving_alone({"description", "members", "permissions.chat.delete"}).fields == {
        "unmanaged": ["description"]
    }, "members stay by themselves"
    assert found.leaving_alone(()).fields == {}


def test_ids_are_written_with_a_warning_that_they_mean_something_here_only() -> None:
    one, two = "id:0b2f1c9a-0000-4000-8000-00000000000a", "file:0b2f1c9a-0000-4000-8000-00000000000b"
    live = raw("model/m", base="b", knowledge=["Other", two, one])
    snapshot = server(live, knowledge=["K", "Other"])
    snapshot.names.add("knowledge", "K", one.removeprefix("id:"))
    found, warnings = item(live, snapshot)
    assert found.fields == {"base": "b", "knowledge": ["Other", two, one]}
    assert warnings == [f"model/m: `knowledge` has ids of this server: {two}, {one}"]


def test_names_of_a_kind_that_was_not_read_stay() -> None:
    live = raw("model/m", knowledge=["K"])
    assert item(live, replace(server(live), want=frozenset({"model"})))[0].fields == {"knowledge": ["K"]}


def test_what_a_manifest_can_only_nearly_say_is_left_out() -> None:
    live = raw("prompt/p", content="x", access={"write": {"groups": ["G"]}})
    found, warnings = item(live, server(live, group=["G"]))
    assert found.fields == {"content": "x"}
    assert warnings == ["prompt/p: `access` is left out: a manifest can say only something near it"]


UNSAYABLE: dict[str, tuple[dict[str, Any], str]] = {
    "null": ({"meta__x": {"a": None}}, "null"),
    "surrogate": ({"params__x": "\ud800"}, "surrogate"),
    "surrogate in a key": ({"params__x": {"\ud800": 1}}, "surrogate"),
    "large number": ({"params__x": [10**400]}, "number"),
    "infinity": ({"params__x": float("inf")}, "number"),
    "capability": ({"capabilities__x": "maybe"}, "capabilities"),
    "suggestion": ({"suggestions": [""]}, "suggestions"),
    "image": ({"image": "ftp://x"}, "image"),
}


@pytest.mark.parametrize("case", UNSAYABLE)
def test_what_a_manifest_cannot_say_is_left_out_with_the_reason(case: str, golden: SnapshotAssertion) -> None:
    values, reason = UNSAYABLE[case]
    found, (warning,) = item(raw("model/m", system="s", **values))
    assert found.fields == {"system": "s"}
    assert warning.startswith(f"model/m: `{next(iter(values)).replace('__', '.')}")
    assert reason in warning
    assert warning == golden


def test_a_null_in_a_list_can_be_said() -> None:
    assert item(raw("model/m", params__x=[None, {"a": None}]))[0].fields == {"params": {"x": [None, {"a": None}]}}


def test_what_was_applied_with_a_secret_is_left_out_and_marked() -> None:
    found, _ = item(raw("model/m", system="s3cret", params__n=1), hidden={"system"})
    assert (found.fields, found.secrets) == ({"params": {"n": 1}}, ("system",))


def test_only_the_paths_of_the_limit_are_exported() -> None:
    assert item(raw("model/m", system="s", access="public"), limit={"access"})[0].fields == {"access": "public"}


@pytest.mark.parametrize(
    ("address", "fine"),
    [("prompt/triage", True), ("prompt/two words", False), ("prompt//slash", False), ("user/no address", False)],
)
def test_a_key_that_a_manifest_cannot_have_is_a_problem(address: str, fine: bool) -> None:
    assert (key_problem(raw(address)) is None) is fine


def test_files_go_along_as_a_tree_or_not_at_all(golden: SnapshotAssertion) -> None:
    listed = [{"path": "a.md", "sha256": "1", "size": 1}, {"path": "b/c.pdf", "sha256": "2", "size": 1}]
    live, tree = raw("knowledge/K", files=listed), Tree("knowledge/K", {})
    found, warnings = item(live, tree=tree)
    assert (found.tree, found.fields, warnings) == (tree, {}, [])
    found, warnings = item(live, tree=replace(tree, problem="the server no longer has the original of `a.md`"))
    assert (found.tree, found.fields) == (None, {})
    (warning,) = warnings
    assert warning.startswith("knowledge/K: `files` ")
    assert "the server no longer has the original of `a.md`" in warning
    assert warning.endswith(" knowledge/K")
    assert warning == golden


def test_files_that_are_not_exported_are_counted(golden: SnapshotAssertion) -> None:
    listed = [{"path": "a.md", "sha256": "1", "size": 1}]
    found, (one,) = item(raw("knowledge/K", files=listed))
    assert (found.tree, found.fields) == (None, {})
    _, (three,) = item(raw("knowledge/K", files=listed * 3))
    assert [warning.split()[:2] for warning in (one, three)] == [["knowledge/K:", "1"], ["knowledge/K:", "3"]]
    assert all("--files" in warning for warning in (one, three))
    assert [one, three] == golden
    assert item(raw("knowledge/K", files=[]))[1] == []
