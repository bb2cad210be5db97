from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from owui_sync.errors import OwuiSyncError
from owui_sync.kinds import KINDS
from owui_sync.kinds.areas import AreaKind
from owui_sync.kinds.base import Kind
from owui_sync.manifest.load import load
from owui_sync.manifest.schema import jobs
from owui_sync.manifest.schema.build import entry_schema
from owui_sync.manifest.schema.examples import of_entry, of_job, written
from owui_sync.plan.difference import new_fields
from owui_sync.plan.file.document import plan_document
from owui_sync.plan.file.load import load_plan
from owui_sync.plan.file.vocabulary import check_vocabulary
from owui_sync.plan.types import Action, Cause, Change, InventoryEntry, Plan, ServerIdentity
from owui_sync.report.visible import dumps
from owui_sync.values import Json, Sources
from tests.support.jobs import chat_job, due
from tests.support.samples import change, field, plan, sealed


def problems(document: Json) -> list[str]:
    try:
        check_vocabulary(document)
    except OwuiSyncError as error:
        return [problem.message for problem in error.problems]
    return []


def saved(address: str, path: str, after: Any, action: Action = Action.UPDATE, **more: Any) -> Json:
    """A plan with one change of one field, as it is after somebody edited it."""
    document = plan_document(plan(change(action, address)))
    one = document["changes"][0]
    one["depends_on"] = []
    one["fields"] = [{"path": path, "before": None, "after": after, "cause": "manifest", **more}]
    return document


def examples(kind: Kind) -> Iterator[Json]:
    """Manifests that show each field of a kind."""
    schema = entry_schema(kind)
    for name, inner in schema["properties"].items():
        if not isinstance(kind, AreaKind) or not isinstance(inner, dict) or not inner.get("properties"):
            yield of_entry(kind, [name], schema)
        else:
            known = (step for step, sub in inner["properties"].items() if sub and "not" not in sub)
            yield from (of_entry(kind, [name, step], schema) for step in known)


def planned(manifests: Sequence[Json], folder: Path, monkeypatch: pytest.MonkeyPatch) -> Json:
    """The saved plan for manifests, on a server that has nothing of what they name."""
    monkeypatch.chdir(folder)
    for name in ("docs/a.md", "docs/SKILL.md", "legal/a.pdf"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("Text\n", encoding="utf-8")
    changes: list[Change] = []
    due_jobs = []
    for manifest in manifests:
        path = folder / "one.yaml"
        path.write_text(f"version: 1\n{written(manifest)}", encoding="utf-8")
        desired = load([path], root=folder, secret=lambda name: name)
        due_jobs += [due(job) for job in desired.jobs.values()]
        for entry in desired.entries.values():
            fields, record = new_fields(entry, Cause.MANIFEST), InventoryEntry("an-id")
            one = Change(Action.UPDATE, entry.kind, entry.key, "an-id", entry.source, fields, "absent", record=record)
            changes.append(one)
    server = ServerIdentity("https://chat.example.com", "0.12.4")
    document: Json = json.loads(dumps(plan_document(Plan("s", server, tuple(changes), jobs=tuple(due_jobs)))))
    return document


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_whatever_a_manifest_may_write_a_saved_plan_may(
    kind: Kind, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = planned(list(examples(kind)), tmp_path, monkeypatch)
    assert document["changes"]
    for one in document["changes"]:
        assert problems({**document, "changes": [one]}) == []


def test_whatever_a_manifest_may_write_of_a_job_a_saved_plan_may(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = tmp_path / "img" / "plan.png"
    picture.parent.mkdir()
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(20))
    properties = jobs.JOB["properties"]
    steps = [[name, *inner] for name in properties if name != "schedule" for inner in _inner(properties[name])]
    document = planned([of_job(each) for each in steps], tmp_path, monkeypatch)
    assert len(document["jobs"]) >= len(steps)
    for one in document["jobs"]:
        assert problems({**document, "jobs": [one]}) == []


def with_job(name: str) -> Json:
    document: Json = json.loads(dumps(plan_document(replace(plan(), jobs=(due(chat_job(name)),)))))
    return document


def _inner(schema: Json) -> list[list[str]]:
    return [[name] for name in schema.get("properties", ())] or [[]]


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (saved("prompt/a b", "content", "x", Action.CREATE), "cannot be a key of `prompts`"),
        (saved("prompt/", "content", "x"), "'' is no key of a prompt"),
        (saved("user/Bob@example.com", "role", "user"), "'Bob@example.com' is no key of a user"),
        (saved("permissions/other", "workspace.models", True), "there is no permissions 'other'"),
        (saved("setting/nothing", "ENABLE_SIGNUP", True), "unknown key `nothing`"),
        (saved("setting/tool_servers.a b", "url", "https://x.example"), "cannot be a key of `settings.tool_servers`"),
        (saved("model/owui-sync.lock.s", "name", "x"), "does not begin with `owui-sync.lock.`"),
        (saved("folder/a//b", "system", "x"), "cannot be a key of `folders`"),
        (saved("model/x", "params.temperature", "hot"), "`models.x.params.temperature` must be a number"),
        (saved("group/x", "permissions.chat.temporary", 1), "`groups.x.permissions.chat.temporary` must be"),
        (saved("user/a@b.c", "role", "root"), "`users.a@b.c.role` must be"),
        (saved("prompt/x", "tags", "one"), "`prompts.x.tags` must be a list"),
        (saved("prompt/x", "content", {"$upload": "a.md", "text": "x"}), "`prompts.x.content` must be a text"),
        (saved("knowledge/x", "files", [{"$upload": "../a.md", "text": "x"}]), "`knowledge.x.files[0]`"),
        (saved("knowledge/x", "files", [{"path": "a", "sha256": 5}]), "`knowledge.x.files[0]`"),
        (saved("model/x", "access", {"read": {"others": ["x:y"]}}), "others"),
        (saved("automation/x", "schedule", "FREQ=DAILY;BYHOUR=99"), "is no schedule"),
        (saved("setting/connections", "openai.a", {"url": "a", "link": 1}), "unknown key `link`"),
        (saved("setting/connections", "openai", [5]), "names items that are no texts"),
        (saved("setting/connections", "openai.https://a.example.key", 5), "must be a text"),
        (saved("setting/general", "ENABLE_SIGNUP", "yes"), "must be `true` or `false`"),
        (saved("setting/general", "NO.SUCH", 1), "NO"),
    ],
)
def test_what_no_manifest_could_say_is_refused_with_its_place(document: Json, said: str) -> None:
    [found] = problems(document)
    assert found.startswith("this saved plan is damaged: $.changes[0]")
    assert said in found


def test_a_field_that_is_reset_takes_its_default_and_nothing_else() -> None:
    assert problems(saved("model/x", "image", None, cause="reset")) == []
    assert problems(saved("model/x", "params.top_k", None, cause="reset", absent=["after"])) == []
    assert len(problems(saved("model/x", "description", 5, cause="reset"))) == 1


def test_what_a_rule_gives_access_to_may_be_called_anything() -> None:
    document = saved("model/My model", "access", "public", Action.ADOPT)
    assert len(problems(document)) == 1
    document["changes"][0]["record"]["partial"] = True
    assert problems(document) == []
    document["changes"][0]["fields"][0]["after"] = "everybody"
    assert len(problems(document)) == 1
    assert len(problems(saved("model/My model", "name", "x", Action.ADOPT))) == 1


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        ({"id": None}, "an object that is there has an id"),
        ({"action": "create"}, "an object that is made has no id yet"),
        ({"action": "delete"}, "an object that is deleted gets no values"),
        ({"source": None}, "what no manifest names gets nothing but its defaults"),
        ({"moved_from": ""}, "the key that an object had is not empty"),
    ],
)
def test_what_does_not_fit_together_in_a_change_is_refused(edit: Json, said: str) -> None:
    document = saved("prompt/x", "content", "x")
    document["changes"][0] |= edit
    assert problems(document) == [f"this saved plan is damaged: $.changes[0]: {said}"]


def test_an_object_is_written_once_and_may_have_to_be_deleted_several_times() -> None:
    twice = plan_document(plan(*[change(Action.CREATE, "prompt/x", field("content", after="x"))] * 2))
    assert problems(twice) == ["this saved plan is damaged: $.changes[1]: prompt/x is written twice"]
    assert problems(plan_document(plan(*[change(Action.DELETE, "group/x")] * 2))) == []


def test_addresses_beside_the_changes_are_ones() -> None:
    document = plan_document(plan(unchanged=("prompt/x", "prompt/")))
    document |= {"awaited": ["usr/a@b.c"], "settled": {"user/A@b.c": None}}
    assert [message.partition(": ")[2] for message in problems(document)] == [
        "$.unchanged[1]: 'prompt/' is no address",
        "$.awaited[0]: 'usr/a@b.c' is no address",
        "$.settled['user/A@b.c']: 'user/A@b.c' is no address",
    ]


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        ({"spec": {"models": ["m"]}}, "neither `prompt` nor `prompts`"),
        ({"spec": {"models": ["m"], "prompts": ["x"], "params": {"temperature": "hot"}}}, "must be a number"),
        ({"spec": {"models": ["m"], "prompts": ["x"], "filez": ["a"]}}, "unknown key `filez`"),
        ({"run": "sometimes"}, "`jobs.j.run` must be"),
        ({"expect": {"matches": ["("]}}, "is no regular expression"),
        ({"output": {"flie": "x"}}, "unknown key `flie`"),
    ],
)
def test_a_job_that_no_manifest_could_have_is_refused(edit: Json, said: str) -> None:
    document = with_job("j")
    assert problems(document) == []
    document["jobs"][0]["written"] |= edit
    [found] = problems(document)
    assert found.startswith("this saved plan is damaged: $.jobs[0]: ")
    assert said in found


def test_a_job_with_another_name_than_a_manifest_may_give_is_refused() -> None:
    document = with_job("../j")
    [found] = problems(document)
    assert "cannot be a key of `jobs`" in found


def test_circles_are_refused() -> None:
    document = plan_document(plan(change(Action.DELETE, "prompt/a"), change(Action.DELETE, "group/Support")))
    assert problems(document) == []
    document["changes"][1]["depends_on"] = ["prompt/a"]
    [found] = problems(document)
    assert "$.changes: they need each other in a circle" in found


def test_what_is_only_shown_may_be_of_two_servers() -> None:
    document = sealed(saved("model/x", "access", {"read": {"others": ["x:y"]}}))
    sources = Sources(str, lambda source: "")
    assert load_plan(document, sources).changes
    with pytest.raises(OwuiSyncError, match="damaged"):
        load_plan(document, sources, lambda checked: None)
