"""Tasks through both classes of the client library, on every version, checked through the server's own API."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import httpx
import pytest

from owui_sync import OpenWebUIClient
from owui_sync.client.chat.errors import AnswerFailed
from owui_sync.client.connect import Server as Address
from owui_sync.client.connect import connect
from owui_sync.client.errors import Missing
from owui_sync.client.facade.run_results import task_result
from owui_sync.client.runs.task import Solution, Step, Task, work
from owui_sync.sandbox import Sandbox
from tests.support.clients import fails
from tests.support.server import Server
from tests.support.stored import asked, chat_of, chats_titled, make_knowledge, make_tool


@pytest.fixture
def tool(server: Server, unique: str) -> str:
    make_tool(server, unique)
    return unique


@pytest.fixture
def provider(provider: httpx.Client) -> httpx.Client:
    """The scripted provider, which calls no tools where an old server asks it first which ones to call."""
    rule = {"do": "answer", "value": '{"tool_calls": []}', "match": "Query:", "times": 99}
    provider.post("/_script", json=rule).raise_for_status()
    return provider


def script(provider: httpx.Client, match: str, *answers: str, do: str = "answer") -> None:
    for value in answers:
        provider.post("/_script", json={"do": do, "value": value, "match": match}).raise_for_status()


def drained(stream: Any) -> tuple[list[Any], Any]:
    """What a stream yields, and its result."""
    found = []
    while True:
        try:
            found.append(next(stream))
        except StopIteration as end:
            return found, end.value


def test_the_server_runs_the_tools_and_the_chat_shows_it(client: OpenWebUIClient, server: Server, tool: str) -> None:
    goal = f'Task {tool}\ncall tool weather {{"city": "Bern"}}'
    made = client.process_task(goal, "stub-small", tool)
    assert made is not None
    assert "sunny in Bern" in made["solution"]
    assert made["completed"] is True
    assert [message["role"] for message in made["conversation_history"]] == ["user", "assistant"]
    chat = chat_of(server, made["chat_id"])
    assert chat.title == f"Task Processing: {goal[:50]}"
    assert chat.shown[0]["content"] == goal
    assert "sunny in Bern" in chat.text(chat.shown[-1])


def test_the_to_do_list_is_kept_until_the_final_answer(
    client: OpenWebUIClient, server: Server, provider: httpx.Client, tool: str
) -> None:
    script(provider, f"Do {tool}", "- [@] look\n- [ ] tell\n\nI am looking.")
    script(
        provider,
        "Go on",
        "- [x] look\n- [@] tell\n\nTelling.",
        "- [x] look\n- [x] tell\n\n**Final answer:**\nIt is so.",
    )
    made = client.process_task(f"Do {tool}", "stub-small", [tool])
    assert made is not None
    assert made["solution"] == "It is so."
    assert made["todo_list"] == [{"task": "look", "status": "completed"}, {"task": "tell", "status": "completed"}]
    assert len(made["conversation_history"]) == 6
    shown = chat_of(server, made["chat_id"]).shown
    assert [message["content"].split(" ")[0] for message in shown[::2]] == ["Do", "Go", "Go"]


def test_a_call_that_was_announced_and_not_made_is_asked_for(
    client: OpenWebUIClient, server: Server, provider: httpx.Client, tool: str
) -> None:
    script(provider, f"Do {tool}", "Final answers follow. I will call the weather tool now.")
    script(provider, "You announced that you would call weather", "Final answer: it is sunny without it")
    made = client.process_task(f"Do {tool}", "stub-small", [tool])
    assert made is not None
    assert (made["solution"], made["completed"]) == ("it is sunny without it", True)
    assert "problems" not in made
    assert len(chat_of(server, made["chat_id"]).shown) == 4


@pytest.mark.both_classes
def test_a_model_that_only_announces_its_calls_is_given_up(
    client: OpenWebUIClient, provider: httpx.Client, tool: str
) -> None:
    script(provider, f"Do {tool}", "I'll use `weather`.\n\nFinal answer: sunny")
    script(provider, "You announced", *["Now I will call `weather`."] * 5)
    events, result = drained(client.stream_process_task(f"Do {tool}", "stub-small", [tool]))
    problem = "the model announced a call of weather, and did not make it"
    assert events[-1] == {"type": "error", "content": problem}
    assert [event["iteration"] for event in events if event["type"] == "iteration_start"] == [1, 2, 3]
    assert (result["completed"], result["problems"]) == (False, [problem])


def test_it_stops_at_the_last_turn_with_what_it_has(client: OpenWebUIClient, provider: httpx.Client, tool: str) -> None:
    script(provider, f"Do {tool}", "- [ ] everything\n\nThinking.")
    script(provider, "Go on", *["- [@] everything\n\nStill thinking."] * 5)
    made = client.process_task(f"Do {tool}", "stub-small", tool, max_iterations=3)
    assert made is not None
    assert made["completed"] is False
    assert "Still thinking." in made["solution"]
    assert made["todo_list"] == [{"task": "everything", "status": "in_progress"}]
    assert len(asked(provider, "Go on")) == 2


def test_a_model_chooses_where_options_are_offered(
    client: OpenWebUIClient, server: Server, provider: httpx.Client, tool: str
) -> None:
    script(provider, f"Do {tool}", "- [ ] choose\n\nOptions:\n1. red\n2. blue")
    script(provider, "Somebody works on the task", "blue of course", '{"option": 2}')
    script(provider, "That cannot be used", '{"option": 2}')
    script(provider, "Take option 2: blue", "Final answer: blue")
    made = client.process_task(f"Do {tool}", "stub-small", tool, decision_model_id="gpt-4.1")
    assert made is not None
    assert made["solution"] == "blue"
    assert [body["model"] for body in asked(provider, "Somebody works")] == ["gpt-4.1"]
    assert chat_of(server, made["chat_id"]).shown[2]["content"] == "Take option 2: blue"


def test_without_a_model_for_it_the_first_option_is_taken(
    client: OpenWebUIClient, provider: httpx.Client, tool: str
) -> None:
    script(provider, f"Do {tool}", "- [ ] choose\n\n**Options:**\n- red\n- blue")
    script(provider, "Take option 1: red", "Final answer: red")
    made = client.process_task(f"Do {tool}", "stub-small", tool)
    assert made is not None
    assert made["solution"] == "red"


def test_the_history_can_be_a_summary(client: OpenWebUIClient, provider: httpx.Client, tool: str) -> None:
    script(provider, "Summarize the conversation", "It went well.")
    made = client.process_task(f"Do {tool}", "stub-small", tool, summarize_history=True)
    assert made is not None
    assert made["conversation_history"] == "It went well."


def test_without_the_summary_that_was_asked_for_nothing_is_lost(
    open_webui: Sandbox, provider: httpx.Client, tool: str
) -> None:
    script(provider, f"Do {tool}", "Final answer: done")
    script(provider, "Summarize the conversation", "400", do="status")
    task = Task(goal=f"Do {tool}", model="stub-small", tool_ids=(tool,), title=tool, summarize=True, retries=0)

    async def main() -> list[Step | Solution]:
        async with connect(Address(url=open_webui.url, token=open_webui.token)) as writer:
            return [step async for step in work(writer, task)]

    solution = asyncio.run(main())[-1]
    assert isinstance(solution, Solution)
    assert (solution.text, solution.completed, solution.summary) == ("done", True, None)
    assert "there is no summary: " in solution.problems[-1]
    made = task_result(solution, {})
    assert [message["role"] for message in made["conversation_history"]] == ["user", "assistant"]


@pytest.mark.both_classes
def test_steps_come_one_by_one(client: OpenWebUIClient, provider: httpx.Client, tool: str) -> None:
    script(provider, f"Do {tool}", "- [ ] choose\n\nOptions:\n1. red\n2. [Blue]: as the sky")
    script(provider, "Take option 1", "Final answer: red")
    found, result = drained(client.stream_process_task(f"Do {tool}", "stub-small", tool))
    assert [(one["type"], one["iteration"]) for one in found] == [
        ("iteration_start", 1),
        ("thought", 1),
        ("todo_list_update", 1),
        ("decision", 1),
        ("observation", 1),
        ("iteration_start", 2),
        ("action", 2),
        ("final_answer", 2),
    ]
    assert found[2]["content"] == found[1]["todo_list"] == [{"task": "choose", "status": "pending"}]
    assert found[3]["options"] == [
        {"number": "1", "label": "Option 1", "description": "red"},
        {"number": "2", "label": "Blue", "description": "as the sky"},
    ]
    assert found[3]["selected_option"] == 1
    assert found[-1]["content"] == result["solution"] == "red"


def test_a_knowledge_base_is_rested_on(
    client: OpenWebUIClient, server: Server, provider: httpx.Client, tool: str, tmp_path: Path
) -> None:
    path = tmp_path / "tea.txt"
    path.write_text("Green tea is brewed at eighty degrees.")
    make_knowledge(server, tool, path)
    question = "At how many degrees is green tea brewed?"
    made = client.process_task(question, "stub-small", tool, knowledge_base_name=tool)
    assert made is not None
    assert made["solution"] == "Green tea is brewed at eighty degrees. [1]"


def test_what_is_not_there_asks_nothing_and_a_provider_that_fails_gives_nothing(
    client: OpenWebUIClient, server: Server, provider: httpx.Client, caplog: pytest.LogCaptureFixture, tool: str
) -> None:
    fails(client, caplog, Missing, None, "process_task", f"Do {tool}", "stub-small", tool, "no base")
    fails(client, caplog, Missing, None, "process_task", f"Do {tool}", "nobody", tool)
    assert asked(provider, tool) == []
    assert chats_titled(server, f"Task Processing: Do {tool}") == []
    goal = f"Fail {tool}\nfail status 500"
    fails(client, caplog, AnswerFailed, None, "process_task", goal, "stub-small", tool)


def test_a_tool_that_is_not_there_is_left_out_and_said(
    client: OpenWebUIClient, provider: httpx.Client, caplog: pytest.LogCaptureFixture, tool: str
) -> None:
    made = client.process_task(f"Do {tool}", "stub-small", ["no_tool", tool])
    assert made is not None
    assert made["missing_tools"] == ["no_tool"]
    assert "there is no tool no_tool" in caplog.text
    client.raise_on_error = True
    with pytest.raises(Missing):
        client.process_task(f"Do {tool} again", "stub-small", ["no_tool", tool])
    assert asked(provider, f"Do {tool} again") == []


class _Stopped(Exception):
    """Stands for the end of a process."""


def test_an_interrupted_task_goes_on_where_it_was(
    open_webui: Sandbox, server: Server, provider: httpx.Client, tool: str
) -> None:
    script(provider, f"Do {tool}", "- [x] look\n- [ ] choose\n\nOptions:\n1. red\n2. blue")
    script(provider, "Somebody works on the task", '{"option": 2}')
    script(provider, "Take option 2: blue", "Final answer: blue")
    task = Task(goal=f"Do {tool}", model="stub-small", tool_ids=(tool,), decision_model="gpt-4.1", title=tool)

    async def run(stop_after: int) -> Solution:
        async with connect(Address(url=open_webui.url, token=open_webui.token)) as writer:
            async for step in work(writer, task):
                if isinstance(step, Solution):
                    return step
                assert isinstance(step, Step)
                stop_after -= 1
                if not stop_after:
                    break
        raise _Stopped

    for steps in (1, 2):
        with pytest.raises(_Stopped):
            asyncio.run(run(steps))
    assert asyncio.run(run(9)).text == "blue"
    assert len(chats_titled(server, tool)) == 1
    for words in (f"Do {tool}", "Somebody works", "Take option 2"):
        said = [str(body["messages"][-1]["content"]) for body in asked(provider, words)]
        assert len([text for text in said if text.startswith(words)]) == 1, words
