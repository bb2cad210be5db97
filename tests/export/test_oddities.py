"""Odd things on a real server: an export of them never changes its own server, and a part never owns the rest."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest

from owui_sync.pytest_plugin import OpenWebUIFactory
from owui_sync.sandbox import Sandbox
from tests.support.project import Project, changes

GONE = "11111111-1111-4111-8111-111111111111"


def grant(kind: str, id: str, permission: str = "read") -> dict[str, str]:
    return {"principal_type": kind, "principal_id": id, "permission": permission}


def upload(project: Project) -> str:
    response = httpx.post(
        f"{project.sandbox.url}/api/v1/files/?process=false",
        files={"file": ("a.txt", b"text")},
        headers={"Authorization": f"Bearer {project.sandbox.token}"},
    )
    return str(response.json()["id"])


class Odd:
    """What a manifest finds hard to say, made past our client."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.twins = [self.post("groups/create", {"name": "Twins", "description": d})["id"] for d in "ab"]
        self.bases = [self.post("knowledge/create", {"name": n, "description": "d"})["id"] for n in ("K", "K", "", "L")]
        self.file = upload(project)
        self.note = self.post("notes/create", {"title": "N", "data": {"content": {"md": "x"}}})["id"]
        self.attached = [
            *({"type": "collection", "id": id, "name": "K"} for id in self.bases),
            {"type": "file", "id": self.file, "name": "a.txt"},
            {"type": "note", "id": self.note, "name": "N"},
        ]
        self.grants = [*(grant("group", id) for id in self.twins), grant("group", self.twins[0], "write")]

    def post(self, path: str, body: dict[str, Any]) -> Any:
        return self.project.api("POST", f"/api/v1/{path}", body)

    def model(self, id: str, **meta: Any) -> dict[str, Any]:
        body = {"id": id, "name": id, "base_model_id": "gpt-4.1", "params": {}, "meta": meta}
        row: dict[str, Any] = self.post("models/create", body | {"access_grants": self.grants})
        return row

    def everything(self) -> None:
        """One object of each kind that refers to others, with all that is odd."""
        self.model("attached", knowledge=self.attached)
        dead = {"type": "collection", "id": GONE, "name": "L"}
        self.model("dead", knowledge=[*self.attached, dead])
        self.model("text", knowledge=[{"type": "text", "name": "t", "content": "c"}])
        for key in ("toolIds", "filterIds", "actionIds", "skillIds"):
            self.model(f"no-{key}", **{key: ["not-installed"]}, knowledge=self.attached[:1])
        self.model("spaces", tags=[{"name": "a"}], params={})
        prompt = {"command": "odd", "name": "Odd", "content": "x", "access_grants": self.grants}
        self.post("prompts/create", prompt)
        self.post(
            "prompts/create", prompt | {"command": "write", "access_grants": [grant("group", self.twins[0], "write")]}
        )
        self.post(f"notes/{self.note}/access/update", {"access_grants": self.grants})
        self.post(f"knowledge/{self.bases[3]}/access/update", {"access_grants": self.grants})
        folder = self.post("folders/", {"name": "F", "data": {"files": self.attached}, "meta": {"icon": "fire"}})
        self.post(f"folders/{folder['id']}/access/update", {"access_grants": self.grants})
        slash = self.post("folders/", {"name": "a/b"})
        self.post("folders/", {"name": "below", "parent_id": slash["id"]})
        self.post("folders/", {"name": ""})
        data = {"prompt": "p", "model_id": "gpt-4.1", "rrule": "FREQ=DAILY"}
        self.post("automations/create", {"name": "A", "folder_id": slash["id"], "data": data, "is_active": False})
        self.post(
            "models/create", {"id": "gpt-4.1", "name": "G", "meta": {}, "params": {}, "access_grants": self.grants}
        )


def rows(project: Project) -> dict[str, Any]:
    """Everything that an apply could change, without the marks of time."""
    folders = [project.api("GET", f"/api/v1/folders/{row['id']}") for row in project.api("GET", "/api/v1/folders/")]
    notes = [project.api("GET", f"/api/v1/notes/{row['id']}") for row in project.api("GET", "/api/v1/notes/")]
    lists = {
        "models": project.api("GET", "/api/v1/models/all"),
        "prompts": project.api("GET", "/api/v1/prompts/"),
        "knowledge": project.api("GET", "/api/v1/knowledge/")["items"],
        "automations": project.api("GET", "/api/v1/automations/list")["items"],
        "groups": project.api("GET", "/api/v1/groups/"),
        "folders": folders,
        "notes": notes,
    }
    moving = {"updated_at", "version_id", "access_grants", "user", "next_runs", "last_run", "next_run_at"}
    return {
        name: {
            row["id"]: {key: value for key, value in row.items() if key not in moving}
            | {"grants": sorted(map(bare, row.get("access_grants") or []))}
            for row in some
        }
        for name, some in lists.items()
    }


def bare(row: dict[str, Any]) -> tuple[str, ...]:
    return row["permission"], row["principal_type"], row["principal_id"]


def inside(project: Project, name: str) -> Project:
    return Project(project.folder / name, project.sandbox, project.stack)


def planned(project: Project, *words: str) -> dict[str, Any]:
    ran = project.run("plan", "--format", "json", *words)
    assert ran.code == 0, ran.err
    return ran.document


def done(project: Project, *words: str) -> str:
    ran = project.run(*words)
    assert ran.code == 0, ran.err
    return ran.err


@pytest.fixture(scope="module")
def server(open_webui_factory: OpenWebUIFactory) -> Sandbox:
    return open_webui_factory()


@pytest.fixture
def own(server: Sandbox, tmp_path: Path) -> Project:
    """A project on a server that nobody else uses, and that holds nothing but users and tools."""
    project = Project(tmp_path, server, "default")
    empty(project)
    return project


def empty(project: Project) -> None:
    for row in project.api("GET", "/api/v1/models/all"):
        project.api("POST", "/api/v1/models/model/delete", {"id": row["id"]})
    for row in project.api("GET", "/api/v1/prompts/"):
        project.api("DELETE", f"/api/v1/prompts/id/{row['id']}/delete")
    for row in project.api("GET", "/api/v1/automations/list")["items"]:
        project.api("DELETE", f"/api/v1/automations/{row['id']}/delete")
    while rest := project.api("GET", "/api/v1/folders/"):
        project.api("DELETE", f"/api/v1/folders/{rest[0]['id']}")
    for row in project.api("GET", "/api/v1/notes/"):
        project.api("DELETE", f"/api/v1/notes/{row['id']}/delete")
    for row in project.api("GET", "/api/v1/knowledge/")["items"]:
        project.api("DELETE", f"/api/v1/knowledge/{row['id']}/delete")
    for row in project.api("GET", "/api/v1/groups/"):
        project.api("DELETE", f"/api/v1/groups/id/{row['id']}/delete")
    project.api("DELETE", "/api/v1/files/all")


def test_an_export_of_odd_references_changes_nothing_and_says_what_it_leaves_out(own: Project) -> None:
    odd = Odd(own)
    odd.everything()
    before = rows(own)
    said = done(own, "export", "-o", "out")
    out = inside(own, "out")
    document = planned(out)
    assert {change["action"] for change in document["changes"]} == {"adopt"}
    assert [(change["key"], change["fields"]) for change in document["changes"] if change["fields"]] == []
    done(out, "apply", "--yes")
    assert rows(own) == before
    assert changes(planned(out)) == {}

    models = (out.folder / "manifests/models.yaml").read_text(encoding="utf-8")
    for id in odd.bases[:3]:
        assert f"id:{id}" in models
    assert f"file:{odd.file}" in models
    for field in ("tools", "filters", "actions", "skills", "folder", "knowledge"):
        assert f"`{field}` is left out" in said, field
    assert "model/dead: `knowledge` is left out: it names knowledge 'id:11111111" in said
    prompts = (out.folder / "manifests/prompts.yaml").read_text(encoding="utf-8")
    assert "write_only:\n        groups:\n          - id:" in prompts

    done(own, "export", "-o", "again", "--stack", "default")
    assert changes(planned(inside(own, "again"))) == {}


STACK = """
stack: default
groups:
  G1: {description: one}
  G2: {description: two}
knowledge:
  Base: {description: d}
prompts:
  p1: {content: one}
  p2: {content: two, access: {read: {groups: [G1]}}}
models:
  mine-1: {base: gpt-4.1}
  mine-2: {base: gpt-4.1, knowledge: [Base], tools: [clock], system: Hi}
folders:
  F: {knowledge: [Base]}
access_rules:
  - {models: [gpt-4.1], access: {read: {groups: [G1]}}}
"""


def stack(project: Project) -> Project:
    """A stack of all that can be referred to, applied."""
    code = "class Tools:\n    pass\n"
    body = {"id": "clock", "name": "Clock", "content": code, "meta": {"description": ""}}
    if "clock" not in [row["id"] for row in project.api("GET", "/api/v1/tools/")]:
        project.api("POST", "/api/v1/tools/create", body)
    (project.folder / "all.yaml").write_text(f"version: 1{STACK}", encoding="utf-8")
    done(project, "apply", "all.yaml", "--yes")
    return project


def test_a_part_of_a_stack_stays_within_itself_in_plan_apply_and_destroy(own: Project) -> None:
    stack(own)
    before = rows(own)
    done(own, "export", "-o", "part", "--only", "models/mine-*", "--exclude", "models/mine-2")
    part = inside(own, "part")
    config = (part.folder / "owui-sync.yaml").read_text(encoding="utf-8")
    assert config.endswith("stack: default\nonly:\n  - models/mine-*\nexclude:\n  - models/mine-2\n")
    assert changes(planned(part)) == {}
    assert changes(planned(part, "--only", "prompts/*")) == {}, "the command line only narrows"

    manifest = part.folder / "manifests/models.yaml"
    manifest.write_text(manifest.read_text(encoding="utf-8") + "    system: Hello\n", encoding="utf-8")
    assert changes(planned(part)) == {"model/mine-1": "update"}
    assert changes(planned(part, "--exclude", "models/mine-1")) == {}
    manifest.write_text("version: 1\nmodels: {}\n", encoding="utf-8")
    assert changes(planned(part)) == {"model/mine-1": "delete"}
    done(part, "destroy", "--yes")
    after = rows(own)
    gone = before["models"].keys() - after["models"].keys()
    assert gone == {"mine-1"}
    assert {**before, "models": {}} == {**after, "models": {}}
    own.write(STACK.replace("stack: default\n", "").replace("  mine-1: {base: gpt-4.1}\n", ""), "less.yaml")
    assert changes(planned(own, "less.yaml")) == {}, "the stack still knows the rest"


def test_an_export_of_a_stack_with_odd_references_leaves_them_to_the_server(own: Project) -> None:
    stack(own)
    odd = Odd(own)
    ids = {row["name"]: row["id"] for row in own.api("GET", "/api/v1/folders/")}
    own.api("POST", f"/api/v1/folders/{ids['F']}/update", {"data": {"files": odd.attached}})
    model = own.models()["mine-2"]
    model["meta"] |= {"knowledge": odd.attached, "toolIds": ["clock", "not-installed"]}
    own.api("POST", "/api/v1/models/model/update", model)
    write = [grant("group", odd.twins[0], "write")]
    prompt = own.prompts()["p2"]
    own.api("POST", f"/api/v1/prompts/id/{prompt['id']}/access/update", {"access_grants": write})
    own.api("POST", "/api/v1/models/model/access/update", {"id": "gpt-4.1", "name": "x", "access_grants": write})
    kept = own.prompts()["p1"]
    own.api("POST", f"/api/v1/prompts/id/{kept['id']}/update", {"command": "p 1", "name": "n", "content": "one"})
    before = rows(own)
    for number, words in enumerate(((), ("--stack", "default"))):
        done(own, "export", "-o", f"out{number}", *words)
        out = inside(own, f"out{number}")
        document = planned(out)
        assert {change["action"] for change in document["changes"]} <= {"adopt"}
        assert [change["fields"] for change in document["changes"] if change["fields"]] == []
        done(out, "apply", "--yes")
        assert rows(own) == before
    assert "exclude:\n  - prompts/p1\n" in (out.folder / "owui-sync.yaml").read_text(encoding="utf-8")


def test_what_is_referred_to_is_told_by_its_id(own: Project) -> None:
    stack(own)
    [base] = [row for row in own.api("GET", "/api/v1/knowledge/")["items"] if row["name"] == "Base"]
    own.api("DELETE", f"/api/v1/knowledge/{base['id']}/delete")
    new = own.api("POST", "/api/v1/knowledge/create", {"name": "Base", "description": "d"})["id"]
    model = own.models()["mine-2"]
    dead = {"type": "collection", "id": GONE, "name": "Base"}
    own.api("POST", "/api/v1/models/model/update", model | {"meta": model["meta"] | {"knowledge": [dead]}})

    document = planned(own, "all.yaml")
    assert changes(document) == {"folder/F": "update", "knowledge/Base": "adopt", "model/mine-2": "update"}
    fields = {change["key"]: change["fields"] for change in document["changes"]}
    assert [(f["path"], f["before"], f["after"]) for f in fields["mine-2"]] == [("knowledge", [f"id:{GONE}"], ["Base"])]
    assert [f["before"] for f in fields["F"]] == [[f"id:{base['id']}"]]
    done(own, "apply", "all.yaml", "--yes", "--only", "knowledge/*")
    assert changes(planned(own, "all.yaml")) == {"folder/F": "update", "model/mine-2": "update"}
    done(own, "apply", "all.yaml", "--yes")
    assert changes(planned(own, "all.yaml")) == {}
    after = rows(own)
    assert [item["id"] for item in after["models"]["mine-2"]["meta"]["knowledge"]] == [new]
    [folder] = [row for row in after["folders"].values() if row["name"] == "F"]
    assert [item["id"] for item in folder["data"]["files"]] == [new]


def test_what_no_manifest_can_say_is_warned_of_with_names_and_counts(own: Project) -> None:
    slash = own.api("POST", "/api/v1/folders/", {"name": "a/b"})
    own.api("POST", "/api/v1/folders/", {"name": "below", "parent_id": slash["id"]})
    own.api("POST", "/api/v1/folders/", {"name": ""})
    data = {"config": {"share": "members", "odd": ["gpt-4.1"]}}
    own.api("POST", "/api/v1/groups/create", {"name": "Shares", "description": "d", "data": data})
    numbers = {"largest": 2**64 - 1, "least": -(2**63), "odd": 2**53 + 1}
    own.api("POST", "/api/v1/models/create", {"id": "big", "name": "big", "params": numbers, "meta": {}})
    said = done(own, "export", "-o", "out")
    assert "3 folders are left out, for a name that no key can have, or below such a one" in said
    for name in ("`(no name)`", "`a/b`", "`a/b/below`"):
        assert name in said
    assert "`data.config.odd` of 1 group is not exported, as no field says it: `Shares`" in said
    out = inside(own, "out")
    assert f"odd: {2**53 + 1}\n" in (out.folder / "manifests/models.yaml").read_text(encoding="utf-8")
    done(out, "apply", "--yes")
    assert changes(planned(out)) == {}
    assert own.models()["big"]["params"] == numbers


RULES = """
version: 1
stack: rules
groups: {G9: {}}
models:
  gpt-4.1: {params: {temperature: 0.5}, access: {read: {groups: [G9]}}}
access_rules:
  - {models: [gpt-4.1-mini, m1], access: {read: {groups: [G9]}}}
"""


def test_a_row_in_which_a_person_set_more_stays_and_only_what_was_applied_goes_back(own: Project) -> None:
    (own.folder / "r.yaml").write_text(RULES, encoding="utf-8")
    providers = [row["id"] for row in own.api("GET", "/api/models")["data"]]
    ruled = next(id for id in providers if id != "gpt-4.1" and "embed" not in id)
    text = RULES.replace("[gpt-4.1-mini, m1]", f"[{ruled}]")
    (own.folder / "r.yaml").write_text(text, encoding="utf-8")
    done(own, "apply", "r.yaml", "--yes")
    less = text[: text.index("models:")]
    (own.folder / "less.yaml").write_text(less, encoding="utf-8")
    assert changes(planned(own, "less.yaml")) == {f"model/{ruled}": "delete", "model/gpt-4.1": "delete"}

    row = own.models()[ruled]
    own.api("POST", "/api/v1/models/model/update", row | {"name": "Our own name"})
    row = own.models()["gpt-4.1"]
    own.api("POST", "/api/v1/models/model/update", row | {"params": {**row["params"], "system": "A person's words"}})
    document = planned(own, "less.yaml")
    assert changes(document) == {f"model/{ruled}": "update", "model/gpt-4.1": "update"}
    assert all("it stays, as more is set on it" in change["reason"] for change in document["changes"])
    done(own, "apply", "less.yaml", "--yes")
    after = own.models()
    assert (after[ruled]["name"], after[ruled]["access_grants"]) == ("Our own name", [])
    assert (after["gpt-4.1"]["params"], after["gpt-4.1"]["access_grants"]) == ({"system": "A person's words"}, [])
    assert changes(planned(own, "less.yaml")) == {}


def test_a_deletion_says_when_the_object_was_adopted_also_after_a_run(own: Project) -> None:
    own.api("POST", "/api/v1/prompts/create", {"command": "theirs", "name": "theirs", "content": "x"})
    own.write("prompts: {theirs: {content: y}, ours: {content: x}}", "a.yaml")
    done(own, "apply", "a.yaml", "--yes")
    own.write("prompts: {theirs: {content: z}, ours: {content: z}}", "a.yaml")
    done(own, "apply", "a.yaml", "--yes")
    own.write("prompts: {}", "a.yaml")
    reasons = {change["key"]: change["reason"] for change in planned(own, "a.yaml")["changes"]}
    assert reasons["theirs"] == "no longer in the manifests; it was adopted, not made by this stack"
    assert reasons["ours"] == "no longer in the manifests"


def test_a_replace_names_what_is_deleted_and_a_saved_plan_makes_it_anew_in_full(own: Project) -> None:
    own.write("models: {old: {base: gpt-4.1, system: Hi, tags: [a]}}", "a.yaml")
    done(own, "apply", "a.yaml", "--yes")
    moved = "models: {new: {base: gpt-4.1, system: Hello, tags: [a]}}\nmoved: [{models: {from: old, to: new}}]"
    own.write(moved, "a.yaml")
    [change] = planned(own, "a.yaml", "--out", "plan.json")["changes"]
    assert (change["action"], change["moved_from"]) == ("replace", "old")
    assert [field["path"] for field in change["fields"]] == ["system"]
    assert change["reason"].startswith("model/old is deleted and made anew as model/new")
    for format in ("text", "markdown"):
        assert "model/old is deleted" in own.run("plan", "a.yaml", "--format", format).out
    done(own, "apply", "plan.json", "--yes")
    models = own.models()
    assert "old" not in models
    assert models["new"]["base_model_id"] == "gpt-4.1"
    assert [tag["name"] for tag in models["new"]["meta"]["tags"]] == ["a"]
    assert changes(planned(own, "a.yaml")) == {}
