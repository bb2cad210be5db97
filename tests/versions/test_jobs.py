"""Jobs on a real server of every version: what runs, what does not run again, and what becomes of the answers."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.job_chats import JobChats, text_of, turns
from tests.support.project import Project


@pytest.fixture
def chats(project: Project) -> JobChats:
    return JobChats(project)


def run_jobs(project: Project, *words: str, code: int = 0) -> dict[str, Any]:
    """Applies, and returns the jobs of the document by name."""
    ran = project.run("apply", ".", "--yes", "--format", "json", *words)
    assert ran.code == code, ran.err + ran.out
    return {job["name"]: job for job in ran.document["jobs"]}


def due(project: Project) -> dict[str, str]:
    """Name -> reason, of the jobs that a plan would run."""
    return {job["name"]: job["reason"] for job in project.plan()["jobs"]}


def manifest(project: Project, unique: str, prompt: str = "", handbook: str = "", **smoke: Any) -> None:
    """A knowledge base, a model that draws on it, and jobs on both."""
    smoke = {"output": {"file": "out/a.md", "note": f"N {unique}", "knowledge": f"Out {unique}"}, **smoke}
    text = handbook or f"To reset the {unique} open the reset page."
    jobs = {
        "smoke": {
            "chat": {"model": unique, "prompt": f"How do I reset the {unique}?", "knowledge": [f"Handbook {unique}"]},
            "expect": {"contains": ["reset page"], "sources": [f"Handbook {unique}"]},
            "tags": ["Ci"],
            **smoke,
        },
        "turns": {
            "needs": ["smoke"],
            "chat": {"model": "stub-small", "prompts": [f"{prompt}say one {unique}", f"say two {unique}"]},
        },
        "side-by-side": {"chat": {"models": ["gpt-4.1", "stub-small"], "prompt": f"say both {unique}"}},
        "by-hand": {"run": "manual", "chat": {"model": "gpt-4.1", "prompt": f"say hand {unique}"}},
    }
    document = {
        "knowledge": {
            f"Handbook {unique}": {"files": [{"name": "reset.md", "content": text}]},
            f"Out {unique}": {"files": []},
        },
        "models": {unique: {"name": "Bot", "base": "gpt-4.1"}},
        "jobs": jobs,
    }
    project.write(yaml.safe_dump(document))


def test_what_is_due_runs_once_and_only_what_changed_runs_again(project: Project, chats: JobChats, unique: str) -> None:
    manifest(project, unique)
    assert due(project) == dict.fromkeys(("smoke", "turns", "side-by-side"), "never ran")
    first = run_jobs(project)
    assert {name: job["status"] for name, job in first.items()} == dict.fromkeys(first, "done")
    assert [role for role, _ in turns(chats.get(first["turns"]["chat_id"]))] == ["user", "assistant"] * 2
    assert turns(chats.get(first["turns"]["chat_id"]))[-1] == ("assistant", f"two {unique}")
    asked = chats.asked(unique)
    assert asked == 5

    assert (due(project), run_jobs(project), chats.asked(unique)) == ({}, {}, asked)

    manifest(project, unique, prompt="please\n")
    assert due(project) == {"turns": "its prompt changed"}
    assert run_jobs(project).keys() == {"turns"}
    assert chats.asked(unique) == asked + 2

    manifest(project, unique, prompt="please\n", handbook=f"For the {unique} open the blue reset page.")
    assert due(project) == {"smoke": f"knowledge/Handbook {unique} changed"}
    assert "blue" in run_jobs(project)["smoke"]["response"]
    assert (chats.asked(unique), due(project)) == (asked + 3, {})


def test_answers_go_to_a_file_a_note_and_a_knowledge_base_and_are_not_doubled(
    project: Project, chats: JobChats, unique: str
) -> None:
    manifest(project, unique)
    run_jobs(project)
    manifest(project, unique, handbook=f"For the {unique} open the blue reset page.")
    result = run_jobs(project)["smoke"]
    assert (project.folder / "out/a.md").read_text() == result["response"] + "\n"
    notes = [row for row in project.api("GET", "/api/v1/notes/") if row["title"] == f"N {unique}"]
    assert [project.api("GET", f"/api/v1/notes/{row['id']}")["data"]["content"]["md"] for row in notes] == [
        result["response"]
    ]
    bases = project.api("GET", "/api/v1/knowledge/")
    base = next(row for row in bases.get("items", bases) if row["name"] == f"Out {unique}")
    files = project.api("GET", f"/api/v1/knowledge/{base['id']}/files")["items"]
    assert [row.get("filename") or row["meta"]["name"] for row in files] == ["smoke.md"]
    tags = project.api("GET", f"/api/v1/chats/{result['chat_id']}/tags")
    assert [tag["id"] for tag in tags] == ["ci"]
    # The file of the job is not drift of `files: []`.
    assert project.plan()["changes"] == []


def test_a_run_is_known_again_whatever_people_do_with_its_chat(project: Project, chats: JobChats, unique: str) -> None:
    ask = {"chat": {"model": "gpt-4.1", "prompt": f"say {unique}"}}
    project.write(yaml.safe_dump({"folders": {f"F-{unique}": {}}, "jobs": {"a": ask, "b": ask}}))
    done = run_jobs(project)
    folder = next(row for row in project.api("GET", "/api/v1/folders/") if row["name"] == f"F-{unique}")
    id = done["a"]["chat_id"]
    project.api("POST", f"/api/v1/chats/{id}", {"chat": {"title": "Renamed"}})
    project.api("POST", f"/api/v1/chats/{id}/folder", {"folder_id": folder["id"]})
    project.api("POST", f"/api/v1/chats/{id}/tags", {"name": "mine"})
    project.api("POST", f"/api/v1/chats/{id}/clone", {"title": "Copy"})
    assert due(project) == {}
    project.api("POST", f"/api/v1/chats/{id}/archive")
    assert due(project) == {}
    # Without the inventory, the chats themselves tell.
    for row in project.api("GET", f"/api/v1/files/search?filename=owui-sync.{project.stack}.*"):
        project.api("DELETE", f"/api/v1/files/{row['id']}")
    assert due(project) == {}
    project.api("DELETE", f"/api/v1/chats/{done['b']['chat_id']}")
    assert due(project) == {"b": "never ran"}


def test_a_plan_costs_one_request_for_the_jobs_however_many_there_are(project: Project, unique: str) -> None:
    def written(count: int) -> None:
        jobs = {f"j{n}": {"chat": {"model": "gpt-4.1", "prompt": f"say {n} {unique}"}} for n in range(count)}
        project.write(yaml.safe_dump({"jobs": jobs}))

    costs = []
    for count in (1, 6):
        written(count)
        run_jobs(project)
        costs.append(project.plan()["requests"])
    without = project.plan("--no-jobs")["requests"]
    assert costs[0] == costs[1]
    # Beside the list of chats: the models, and what providers offer.
    assert costs[0] - without <= 4


def test_what_is_not_as_expected_ends_with_6_and_keeps_the_answer_from_going_anywhere(
    project: Project, chats: JobChats, unique: str
) -> None:
    manifest(project, unique, expect={"contains": ["nonsense"]})
    ran = project.run("apply", ".", "--yes", "--junit", "out/junit.xml")
    assert ran.code == 6, ran.err
    assert "expected contains nonsense" in ran.out
    assert "open the reset page" in ran.out
    assert "it needs smoke, which did not succeed" in ran.out
    assert 'failures="1"' in (project.folder / "out/junit.xml").read_text()
    assert not (project.folder / "out/a.md").exists()
    assert due(project) == {"smoke": "not as expected last time", "turns": "never ran"}
    asked = chats.asked(f"How do I reset the {unique}")
    manifest(project, unique, expect={"contains": ["reset page"]})
    assert run_jobs(project).keys() == {"smoke", "turns"}
    assert chats.asked(f"How do I reset the {unique}") == asked
    assert Path(project.folder / "out/a.md").exists()


def test_a_failing_provider_is_tried_again_as_often_as_the_job_allows(
    project: Project, chats: JobChats, unique: str
) -> None:
    jobs = {
        "patient": {"retries": 1, "chat": {"model": "gpt-4.1", "prompt": f"say patient {unique}"}},
        "hasty": {"chat": {"model": "gpt-4.1", "prompts": [f"say first {unique}", f"say hasty {unique}"]}},
    }
    chats.script(do="status", value="503", match=f"patient {unique}", times=1)
    chats.script(do="status", value="500", match=f"hasty {unique}", times=1)
    project.write(yaml.safe_dump({"jobs": jobs}))
    results = run_jobs(project, code=6)
    assert (results["patient"]["status"], results["hasty"]["status"]) == ("done", "failed")
    assert "scripted to answer 500" in results["hasty"]["error"]["detail"]
    assert due(project) == {"hasty": "failed last time"}
    again = run_jobs(project)["hasty"]
    assert (again["status"], again["chat_id"]) == ("done", results["hasty"]["chat_id"])
    assert chats.asked(f"say first {unique}") == 1
    assert turns(chats.get(again["chat_id"]))[-1] == ("assistant", f"hasty {unique}")


def test_the_second_try_of_one_of_several_models_stays_in_its_place_beside_the_others(
    project: Project, chats: JobChats, unique: str
) -> None:
    both = ["stub-small", "gpt-4.1"]
    chats.script(do="status", value="500", match=f"sides {unique}", times=1)
    job = {"retries": 1, "chat": {"models": both, "prompt": f"say sides {unique}"}}
    project.write(yaml.safe_dump({"jobs": {"compare": job}}))
    chat = chats.get(run_jobs(project)["compare"]["chat_id"])["chat"]
    [question] = [one for one in chat["history"]["messages"].values() if one["role"] == "user"]
    answers = [chat["history"]["messages"][id] for id in question["childrenIds"]]
    assert (chat["models"], question["models"]) == (both, both)
    assert len(answers) == 3, "the failed one is there too"
    assert all(both[answer["modelIdx"]] == answer["model"] for answer in answers)


def test_what_people_do_in_a_chat_while_its_job_runs_stays(project: Project, chats: JobChats, unique: str) -> None:
    ask = {"chat": {"model": "gpt-4.1", "prompts": [f"say {n} {unique}" for n in (1, 2)]}}
    project.write(yaml.safe_dump({"folders": {f"F-{unique}": {}}, "jobs": {"j": ask}}))
    project.apply("--no-jobs")
    chats.script(do="delay", value="3", match=f"say 2 {unique}", times=1)
    process = project.start("apply", ".", "--yes")
    while not chats.asked(f"say 2 {unique}"):
        time.sleep(0.05)
    [chat] = chats.all("j")
    first = next(m for m in chat["chat"]["history"]["messages"].values() if m["role"] == "assistant")
    mine = {"id": f"mine-{unique}", "parentId": first["id"], "childrenIds": [], "role": "user", "content": "Mine."}
    file = {"type": "text", "id": unique, "name": "mine"}
    path = f"/api/v1/chats/{chat['id']}"
    folder = next(row for row in project.api("GET", "/api/v1/folders/") if row["name"] == f"F-{unique}")
    project.api("POST", f"{path}/folder", {"folder_id": folder["id"]})
    project.api("POST", f"{path}/tags", {"name": "mine"})
    known = project.api("GET", path)["chat"]["history"]
    history = {**known, "messages": {**known["messages"], mine["id"]: {**mine, "timestamp": int(time.time())}}}
    edit = {"title": "Mine", "params": {"top_k": 3}, "files": [file], "history": history}
    project.api("POST", path, {"chat": edit})
    process.communicate(timeout=60)
    assert process.returncode == 0
    chat = chats.get(chat["id"])
    assert (chat["title"], chat["folder_id"], chat["meta"]["tags"]) == ("Mine", folder["id"], ["mine"])
    assert (chat["chat"]["params"], chat["chat"]["files"]) == ({"top_k": 3}, [file])
    texts = {text_of(message) for message in chat["chat"]["history"]["messages"].values()}
    assert texts == {"Mine.", *(f"say {n} {unique}" for n in (1, 2)), *(f"{n} {unique}" for n in (1, 2))}
    assert due(project) == {}


def test_run_runs_what_is_asked_for_and_jobs_tells_of_it(project: Project, chats: JobChats, unique: str) -> None:
    manifest(project, unique)
    project.apply("--no-jobs")
    assert chats.asked(unique) == 0
    ran = project.run("run", "-f", ".", "by-hand", "turns", "--format", "json")
    assert ran.code == 0, ran.err
    assert {job["name"]: job["reason"] for job in ran.document["jobs"]} == {
        "smoke": "needed, and has not succeeded yet",
        "turns": "asked for",
        "by-hand": "asked for",
    }
    rows = {row["name"]: row for row in project.run("jobs", ".", "--format", "json").document["jobs"]}
    assert {name: row["state"] for name, row in rows.items()} == {
        "smoke": "done",
        "turns": "done",
        "by-hand": "done",
        "side-by-side": "never ran",
    }
    assert rows["turns"]["chat_url"] == f"{project.sandbox.url}/c/{rows['turns']['chat_id']}"
    assert rows["turns"]["tokens"] > 0
    assert project.run("run", "-f", ".", "by-hnd").code == 64
    assert run_jobs(project, "--only", "jobs/side-*").keys() == {"side-by-side"}


def test_old_chats_are_archived_and_new_ones_stay(project: Project, unique: str) -> None:
    new = project.api("POST", "/api/v1/chats/new", {"chat": {"title": f"new {unique}"}})
    project.write("jobs: {tidy: {run: always, archive: {older_than_days: 1}}}\n")
    result = run_jobs(project)["tidy"]
    assert (result["status"], result["chat_id"]) == ("done", None)
    assert not project.api("GET", f"/api/v1/chats/{new['id']}")["archived"]
    assert due(project) == {"tidy": "always"}


def test_a_research_and_a_task_run_once(project: Project, chats: JobChats, unique: str) -> None:
    jobs = {
        "look": {
            "research": {"topic": unique, "steps": 1, "model": "gpt-4.1", "knowledge": [f"H {unique}"]},
            "output": {"file": "report.md"},
            "expect": {"sources": [f"H {unique}"]},
        },
        "do": {"task": {"goal": f"say the {unique}", "model": "gpt-4.1", "max_iterations": 2}},
    }
    base = {f"H {unique}": {"files": [{"name": "a.md", "content": f"The {unique} is blue."}]}}
    project.write(yaml.safe_dump({"knowledge": base, "jobs": jobs}))
    results = run_jobs(project)
    assert {name: job["status"] for name, job in results.items()} == {"look": "done", "do": "done"}
    assert (project.folder / "report.md").read_text().strip() == results["look"]["response"].strip()
    assert turns(chats.get(results["do"]["chat_id"]))[0] == ("user", f"say the {unique}")
    asked = chats.asked(unique)
    assert (run_jobs(project), chats.asked(unique)) == ({}, asked)


def test_a_saved_plan_runs_its_jobs_once_and_refuses_other_files(
    project: Project, chats: JobChats, unique: str
) -> None:
    (project.folder / "a.md").write_text(f"All about {unique}.")
    project.write(f"jobs: {{j: {{chat: {{model: gpt-4.1, prompt: 'What of {unique}?', files: [a.md]}}}}}}\n")
    assert project.run("plan", ".", "--out", "plan.json").code == 0
    (project.folder / "a.md").write_text(f"All about {unique} .")
    assert project.run("apply", "plan.json", "--yes").code == 4
    (project.folder / "a.md").write_text(f"All about {unique}.")
    ran = project.run("apply", "plan.json", "--yes", "--format", "json")
    assert ran.code == 0, ran.err
    assert f"All about {unique}." in ran.document["jobs"][0]["response"]
    assert due(project) == {}
