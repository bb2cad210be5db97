"""Jobs where something goes wrong in the middle, and the example with every type, on the newest server."""

from __future__ import annotations

import json
import shutil
import signal
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from owui_sync.client import silence
from tests.support.job_chats import JobChats, turns
from tests.support.project import Project

EXAMPLE = Path(__file__).parents[2] / "examples" / "jobs"


@pytest.fixture
def chats(project: Project) -> JobChats:
    return JobChats(project)


def kill_at(project: Project, words: str) -> None:
    """Applies, and kills the process as soon as it tells of a step; then frees the lock that it left."""
    process = project.start("apply", ".", "--yes")
    assert process.stderr
    for line in process.stderr:
        if words in line:
            break
    process.kill()
    process.communicate()
    assert project.run("state", "unlock", "--stack", project.stack).code == 0


def due(project: Project) -> dict[str, str]:
    return {job["name"]: job["reason"] for job in project.plan()["jobs"]}


def test_the_example_runs_what_is_due_once_and_then_only_what_changed(project: Project) -> None:
    shutil.copytree(EXAMPLE, project.folder, dirs_exist_ok=True)
    example = replace(project, stack="example-jobs")
    chats = JobChats(example)
    first = {job["name"]: job for job in example.apply()["jobs"]}
    assert {name: job["status"] for name, job in first.items()} == dict.fromkeys(
        ("smoke", "compare", "research", "task", "picture", "tidy"), "done"
    )
    assert [source["name"] for source in first["research"]["sources"]] == ["Job handbook"]
    assert (project.folder / "out/compare.md").read_text().startswith("## gpt-4.1\n")
    asked = chats.asked("")
    second = {job["name"]: job["reason"] for job in example.apply()["jobs"]}
    assert second == {"tidy": "always"}
    assert chats.asked("") == asked

    manifest = project.folder / "manifest.yaml"
    manifest.write_text(manifest.read_text().replace("And a bad one?", "And a very bad one?"))
    assert due(example) == {"compare": "its prompt changed", "tidy": "always"}
    example.apply()

    with (project.folder / "handbook/new.md").open("a") as file:
        file.write("\nIt must be changed on the first day.\n")
    reason = "knowledge/Job handbook changed"
    # The model of the first two draws on the handbook.
    assert due(example) == {"smoke": reason, "research": reason, "tidy": "always"}
    done = {job["name"]: job["status"] for job in example.apply()["jobs"]}
    assert done == dict.fromkeys(("smoke", "research", "tidy"), "done")


@pytest.mark.parametrize("step", ["plan:", "question 1", "question 2", "report:"])
def test_a_research_that_is_killed_goes_on_where_it_was(
    project: Project, chats: JobChats, unique: str, step: str
) -> None:
    topic = f"the {unique}"
    research = {"topic": topic, "steps": 2, "model": "gpt-4.1"}
    project.write(yaml.safe_dump({"jobs": {"look": {"research": research}}}))
    chats.script(do="delay", value="1", match=unique, times=4)
    kill_at(project, step)
    [(name, reason)] = due(project).items()
    assert name == "look"
    assert "interrupted" in reason
    [result] = project.apply()["jobs"]
    [chat] = chats.all("look")
    assert result["chat_id"] == chat["id"]
    asked = [text for role, text in turns(chat) if role == "user"]
    assert len(asked) == 4
    # The plan is asked for out of sight.
    assert [chats.asked(question) for question in asked[1:]] == [1, 1, 1]
    assert all(message["done"] for message in chat["chat"]["history"]["messages"].values() if "done" in message)
    assert due(project) == {}


def test_a_research_that_is_killed_with_several_questions_under_way_asks_none_twice(
    project: Project, chats: JobChats, unique: str
) -> None:
    research = {"topic": f"the {unique}", "steps": 3, "concurrency": 3, "model": "gpt-4.1"}
    project.write(yaml.safe_dump({"jobs": {"look": {"research": research}}}))
    chats.script(do="delay", value="1", match=unique, times=4)
    kill_at(project, "question 3")
    [result] = project.apply()["jobs"]
    [chat] = chats.all("look")
    assert result["chat_id"] == chat["id"]
    asked = [text for role, text in turns(chat) if role == "user"]
    assert len(asked) == 5
    assert [chats.asked(question) for question in asked[1:]] == [1, 1, 1, 1]
    assert due(project) == {}


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_chat_that_is_killed_goes_on_where_it_was(
    project: Project, chats: JobChats, unique: str, number: int
) -> None:
    prompts = [f"say {n} {unique}" for n in (1, 2)]
    chat = {"models": ["gpt-4.1", "stub-small"], "prompts": prompts, "follow_ups": 1}
    project.write(yaml.safe_dump({"jobs": {"j": {"chat": chat}}}))
    chats.script(do="delay", value="1", match=unique, times=2 * number)
    kill_at(project, f"question {number}")
    project.apply()
    [found] = chats.all("j")
    questions = [text for role, text in turns(found) if role == "user"]
    assert questions[:2] == prompts
    assert [chats.questions().count(question) for question in questions] == [2, 2, 2]
    assert due(project) == {}


def test_a_job_that_was_killed_before_there_was_an_inventory_is_found_by_runs_without_jobs(
    project: Project, chats: JobChats, unique: str
) -> None:
    job = {"j": {"chat": {"model": "gpt-4.1", "prompt": f"say {unique}"}}}
    project.write(yaml.safe_dump({"jobs": job}))
    chats.script(do="delay", value="1", match=unique, times=1)
    kill_at(project, "answers")
    project.write(yaml.safe_dump({"jobs": job, "prompts": {unique: {"content": "x"}}}))
    assert project.run("apply", ".", "--yes", "--no-jobs").code == 0
    assert due(project).keys() == {"j"}
    [result] = project.apply()["jobs"]
    assert (result["response"], chats.asked(unique)) == (unique, 1)
    assert due(project) == {}


def test_a_saved_plan_does_not_ask_a_job_that_was_killed_since_on_a_stack_without_an_inventory(
    project: Project, chats: JobChats, unique: str
) -> None:
    job = {"j": {"chat": {"model": "gpt-4.1", "prompt": f"say {unique}"}}}
    project.write(yaml.safe_dump({"jobs": job, "prompts": {unique: {"content": "x"}}}))
    assert project.run("plan", ".", "--out", "plan.json").code == 0
    whole = (project.folder / "manifest.yaml").read_text()
    project.write(yaml.safe_dump({"jobs": job}))
    chats.script(do="delay", value="1", match=unique, times=1)
    kill_at(project, "answers")
    (project.folder / "manifest.yaml").write_text(whole)
    ran = project.run("apply", "plan.json", "--yes")
    assert ran.code == 4, ran.out + ran.err
    assert "job/j was run since the plan was made" in ran.err
    [result] = project.apply()["jobs"]
    assert (result["response"], chats.asked(unique)) == (unique, 1)


def test_two_runners_at_once_run_a_job_once(project: Project, chats: JobChats, unique: str) -> None:
    jobs = {f"j{n}": {"chat": {"model": "gpt-4.1", "prompt": f"say {n} {unique}"}} for n in range(3)}
    project.write(yaml.safe_dump({"jobs": jobs}))
    both = [project.start("apply", ".", "--yes") for _ in range(2)]
    for process in both:
        process.communicate(timeout=120)
    assert [process.returncode for process in both] == [0, 0]
    assert [chats.asked(f"say {n} {unique}") for n in range(3)] == [1, 1, 1]


@pytest.mark.parametrize(
    ("fault", "words"), [("cut", "not completed"), ("stream-error", "scripted to fail"), ("unfinished", "regular end")]
)
def test_what_a_provider_does_wrong_is_said_and_the_rest_is_done(
    project: Project, chats: JobChats, unique: str, fault: str, words: str
) -> None:
    chats.script(do=fault, match=f"bad {unique}", times=2)
    jobs = {
        name: {"retries": 1, "chat": {"model": "gpt-4.1", "prompt": f"say {name} {unique}"}} for name in ("bad", "good")
    }
    project.write(yaml.safe_dump({"jobs": jobs}))
    ran = project.run("apply", ".", "--yes", "--format", "json")
    assert ran.code == 6
    results = {job["name"]: job for job in ran.document["jobs"]}
    assert results["good"]["status"] == "done"
    assert words in results["bad"]["error"]["detail"]
    # The page shows both attempts, and why they failed.
    messages = chats.get(results["bad"]["chat_id"])["chat"]["history"]["messages"].values()
    assert len([message for message in messages if message.get("error")]) == 2


def test_a_planner_that_answers_nonsense_does_not_stop_a_research(
    project: Project, chats: JobChats, unique: str
) -> None:
    chats.script(do="answer", value="I would rather not", match="Plan a research", times=9)
    research = {"topic": unique, "steps": 2, "model": "gpt-4.1"}
    project.write(yaml.safe_dump({"jobs": {"look": {"research": research}}}))
    assert project.apply()["jobs"][0]["status"] == "done"
    chats.reset()


def test_a_research_asks_what_is_still_missing_as_often_as_the_job_says(
    project: Project, chats: JobChats, unique: str
) -> None:
    gap = {"questions": [{"question": f"What about gaps, {unique}?", "kind": "general"}]}
    chats.script(do="answer", value=json.dumps(gap), match="Below are the findings", times=1)
    research = {"topic": unique, "steps": 1, "gap_rounds": 1, "model": "gpt-4.1"}
    project.write(yaml.safe_dump({"jobs": {"look": {"research": research}}}))
    [result] = project.apply()["jobs"]
    assert result["status"] == "done"
    assert f"What about gaps, {unique}?" in chats.questions()
    chats.reset()


def test_a_research_that_has_to_be_approved_asks_nothing_but_what_is_written(
    project: Project, chats: JobChats, unique: str
) -> None:
    def ran(code: int, **keys: Any) -> dict[str, dict[str, Any]]:
        research = {"topic": unique, "steps": 1, "model": "gpt-4.1", **keys}
        needs = {"needs": ["look"], "chat": {"model": "gpt-4.1", "prompt": f"say after {unique}"}}
        project.write(yaml.safe_dump({"jobs": {"look": {"research": research}, "after": needs}}))
        run = project.run("apply", ".", "--yes", "--format", "json")
        assert run.code == code, run.err
        return {job["name"]: job for job in run.document["jobs"]}

    for _ in range(2):
        jobs = ran(6, approve=True)
        assert jobs["after"]["status"] == "skipped"
        look = jobs["look"]
        assert (look["status"], look["notes"]) == ("failed", [f"planned: What is {unique}?"])
        assert "waits for approval" in look["error"]["detail"]
        assert yaml.safe_load(look["response"]) == {"questions": [f"What is {unique}?"]}
        assert f"What is {unique}?" in turns(chats.get(look["chat_id"]))[-1][1]
    assert len([one for one in chats.questions() if unique in one]) == 1, "it is planned once, and nothing is asked"
    written = ran(0, approve=True, questions=[f"Why {unique}?", f"How {unique}?"])
    assert {job["status"] for job in written.values()} == {"done"}
    asked = [text for role, text in turns(chats.get(written["look"]["chat_id"])) if role == "user"]
    assert asked[1:3] == [f"Why {unique}?", f"How {unique}?"]
    assert len([one for one in chats.questions() if unique in one and one.startswith("Plan a research")]) == 1


def test_the_planned_questions_of_a_research_are_asked_once_nobody_has_to_approve_them(
    project: Project, chats: JobChats, unique: str
) -> None:
    research = {"topic": unique, "steps": 1, "model": "gpt-4.1"}
    document = {"jobs": {"look": {"run": "once", "research": {**research, "approve": True}}}}
    project.write(yaml.safe_dump(document))
    shown = project.run("apply", ".", "--yes")
    assert shown.code == 6
    assert f"planned: What is {unique}?" in shown.out
    assert "write the questions that you want as `questions`" in shown.out
    project.write(yaml.safe_dump({"jobs": {"look": {"run": "once", "research": research}}}))
    [result] = project.apply()["jobs"]
    [chat] = chats.all("look")
    assert result["chat_id"] == chat["id"]
    said = turns(chat)
    assert said[1][1].startswith("I will answer these questions")
    assert [text for role, text in said if role == "user"][1] == f"What is {unique}?"
    assert due(project) == {}


@pytest.mark.parametrize("met", [True, False])
def test_a_judge_says_whether_an_answer_meets_a_criterion_and_why(
    project: Project, chats: JobChats, unique: str, met: bool
) -> None:
    verdict = {"met": met, "reason": "it greets nobody but Ann"}
    chats.script(do="answer", value=json.dumps(verdict), match=f"greets {unique}", times=1)
    judge = {"model": "gpt-4.1-mini", "criterion": f"The answer greets {unique}."}
    job = {"chat": {"model": "gpt-4.1", "prompt": "say hello Ann"}, "expect": {"judge": judge}}
    project.write(yaml.safe_dump({"jobs": {"greet": job}}))
    ran = project.run("apply", ".", "--yes", "--format", "json")
    chats.reset()
    assert ran.code == (0 if met else 6)
    [result] = ran.document["jobs"]
    [found] = result["expect"]
    assert found == {"check": "judge", "wanted": judge["criterion"], "met": met, "reason": verdict["reason"]}
    assert (result["response"], result["status"]) == ("hello Ann", "done" if met else "failed")


def test_ctrl_c_ends_after_the_step_in_hand_and_the_next_run_goes_on(
    project: Project, chats: JobChats, unique: str
) -> None:
    prompts = [f"say {n} {unique}" for n in (1, 2)]
    project.write(yaml.safe_dump({"jobs": {"j": {"chat": {"model": "gpt-4.1", "prompts": prompts}}}}))
    chats.script(do="delay", value="2", match=unique, times=1)
    process = project.start("apply", ".", "--yes")
    assert process.stderr
    next(line for line in process.stderr if "question 1" in line)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert process.returncode == 130
    assert due(project) == {"j": "interrupted at step 1 of 2"}
    assert project.apply()["jobs"][0]["status"] == "done"
    assert [chats.asked(prompt) for prompt in prompts] == [1, 1]


def test_a_chat_that_nobody_changed_for_long_is_archived_and_a_pinned_one_stays(project: Project, unique: str) -> None:
    old = int(time.time()) - 90 * 86400
    chat = {"chat": {"title": unique, "history": {"messages": {}, "currentId": None}}, "meta": {}}
    imported = [{**chat, "pinned": pinned, "created_at": old, "updated_at": old} for pinned in (False, True)]
    rows = project.api("POST", "/api/v1/chats/import", {"chats": imported})
    project.write("jobs: {tidy: {archive: {older_than_days: 30}}}\n")
    [result] = project.apply()["jobs"]
    assert result["response"] == "1 chat archived"
    archived = {row["pinned"]: project.api("GET", f"/api/v1/chats/{row['id']}")["archived"] for row in rows}
    assert archived == {False: True, True: False}


def test_a_research_whose_report_failed_goes_on_with_the_report(project: Project, chats: JobChats, unique: str) -> None:
    chats.script(do="status", value="500", match=f"Write the report: {unique}", times=1)
    research = {"topic": unique, "steps": 2, "model": "gpt-4.1"}
    project.write(yaml.safe_dump({"jobs": {"look": {"research": research}}}))
    assert project.run("apply", ".", "--yes").code == 6
    assert due(project) == {"look": "failed last time"}
    assert project.apply()["jobs"][0]["status"] == "done"
    [chat] = chats.all("look")
    asked = [text for role, text in turns(chat) if role == "user"][1:3]
    assert [chats.asked(question) for question in asked] == [1, 1]
    assert chats.asked(f"Write the report: {unique}") == 2


def test_a_research_whose_output_changed_asks_nothing_and_hands_on_the_report_that_is_there(
    project: Project, chats: JobChats, unique: str
) -> None:
    chats.script(do="status", value="500", match=f"How is {unique} used?", times=1)
    look: dict[str, Any] = {"research": {"topic": unique, "steps": 2, "model": "gpt-4.1"}}
    project.write(yaml.safe_dump({"jobs": {"look": look}}))
    [first] = project.apply()["jobs"]
    before = chats.get(first["chat_id"])
    asked = chats.questions()
    project.write(yaml.safe_dump({"jobs": {"look": {**look, "output": {"file": "report.md"}}}}))
    assert due(project) == {"look": "its output changed"}
    [second] = project.apply()["jobs"]
    assert (second["response"], second["sources"]) == (first["response"], first["sources"])
    assert (project.folder / "report.md").read_text().strip() == first["response"].strip()
    assert chats.questions() == asked
    assert chats.get(first["chat_id"])["chat"]["history"] == before["chat"]["history"]


TOOL = """class Tools:
    def look(self) -> str:
        \"\"\"Look.\"\"\"
        return "seen"
"""


def test_how_long_an_answer_that_a_killed_run_asked_for_is_waited_for_can_be_set_and_is_said(
    project: Project, chats: JobChats, unique: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No server tells whether it still works on an answer with tools of its own, as after a crash."""
    tool = {"id": f"t_{unique}", "name": unique, "content": TOOL, "meta": {"description": ""}}
    project.api("POST", "/api/v1/tools/create", tool)
    chat = {"model": "gpt-4.1", "prompt": f"say one {unique}", "tools": [tool["id"]]}
    project.write(yaml.safe_dump({"jobs": {"j": {"chat": chat}}}))
    chats.script(do="silence", match=unique, times=1)
    process = project.start("apply", ".", "--yes")
    while not chats.asked(unique):
        time.sleep(0.05)
    process.kill()
    process.communicate()
    assert project.run("state", "unlock", "--stack", project.stack).code == 0
    monkeypatch.setattr(silence, "_FIRST", 0.5)
    start = time.monotonic()
    ran = project.run("apply", ".", "--yes", "--silence", "2")
    assert (ran.code, time.monotonic() - start < 60) == (0, True), ran.err
    assert "waiting for the answer of gpt-4.1; it is given up after 2 s of silence" in ran.err
    assert due(project) == {}
