"""A task that a model works on with tools: the server runs them, the to-do list is in the chat."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from owui_sync.client.chat import token_limit
from owui_sync.client.chat.cache import check_models
from owui_sync.client.chat.context import ChatContext, build_context
from owui_sync.client.chat.errors import AnswerFailed
from owui_sync.client.chat.turn import Answer
from owui_sync.client.runs import MAX_ITERATIONS, prompts
from owui_sync.client.runs.calls import calls_in
from owui_sync.client.runs.digest import shortened
from owui_sync.client.runs.reminders import Reminders
from owui_sync.client.runs.run import OnStep, Run, RunOptions, begin
from owui_sync.client.runs.structured import ask_json
from owui_sync.client.runs.todo import TodoItem, TodoReading, read_answer
from owui_sync.client.runs.troubles import distinct, failures_at_end, mute_servers, told_at
from owui_sync.client.shapes import Row
from owui_sync.client.writer import Writer

_TALK = 60_000
"""Characters of the conversation that a model gets who writes its summary."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task(RunOptions):
    """What is to be done, and with what; the arguments are those of `RunOptions`, and these.

    Args:
        goal: the task in words.
        model: the model that works on it.
        max_iterations: how many turns at the most.
        summarize: whether the result has a summary of the conversation.
        decision_model: chooses where options are offered; None takes the first.
        title: the title of the chat; made of the goal if not given.
        web_search: whether the server searches the web for each turn.
    """

    goal: str
    model: str
    max_iterations: int = MAX_ITERATIONS
    summarize: bool = False
    decision_model: str | None = None
    title: str | None = None
    web_search: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One turn of the work, or a decision (`kind`).

    Attributes:
        tools: calls of tools in this turn, each `name`, `arguments` and `output`, and `status` where the server has it.
        thought: what the model said besides a final answer.
        final: the final answer, or None if there is more to do.
        options: what was offered to choose from.
        chosen: the number of the option that was chosen, in a decision.
        given_up: whether the task ends here although it is not done.
    """

    number: int
    kind: str = "step"
    text: str
    todo: tuple[TodoItem, ...] = ()
    tools: tuple[Row, ...] = ()
    message_id: str = ""
    thought: str = ""
    final: str | None = None
    options: tuple[str, ...] = ()
    chosen: int = 0
    given_up: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Solution:
    """What the work came to.

    Attributes:
        completed: whether the model says that it is done, and no call that it announced is missing.
        given_up: whether it ended before the last turn that was allowed, and is not done.
        repeated: whether that is because the model made the same calls turn after turn.
        problems: what went wrong meanwhile, in words: tools that failed or do not exist, tool servers and searches that
            do not answer, calls that were announced and not made, an end that a limit of tokens cut off.
    """

    chat_id: str
    message_id: str
    text: str
    messages: tuple[Row, ...]
    summary: str | None
    todo: tuple[TodoItem, ...]
    completed: bool
    tokens: int
    given_up: bool = False
    repeated: bool = False
    problems: tuple[str, ...] = ()


async def work(
    writer: Writer, task: Task, on_step: OnStep = lambda event: None
) -> AsyncGenerator[Step | Solution, None]:
    """Work on a task to its end, or go on with one that was interrupted or failed: its steps, and at last the solution.

    Raises:
        Missing: a model, a tool or a knowledge base is not there; nothing was asked.
        AnswerFailed: the model gave no answer, or no whole one, however often it was asked.
    """
    await check_models(writer, [task.model, *([task.decision_model] if task.decision_model else [])])
    context = await build_context(writer, (), collections=task.knowledge, tool_ids=task.tool_ids)
    title = task.title or prompts.task_title(task.goal)
    run = await begin(writer, "task", title, task.goal, task, on_step)
    reminders = Reminders(bool(context.tool_ids))
    working = _Work(task, run, context, reminders, told=await mute_servers(writer, context.tool_ids))
    try:
        for number in range(1, max(1, task.max_iterations) + 1):
            yield await working.turn(number)
            if working.last.final is not None or reminders.given_up:
                break
            if working.last.options and number < task.max_iterations:
                yield await working.decide(number)
        yield await working.end()
    except AnswerFailed:
        await run.save(state="failed")
        raise


@dataclass(slots=True)
class _Work:
    task: Task
    run: Run
    context: ChatContext
    reminders: Reminders
    next: str = ""
    last: TodoReading = field(default_factory=TodoReading)
    answer: Answer | None = None
    messages: list[Row] = field(default_factory=list)
    calls: list[Row] = field(default_factory=list)
    told: list[str] = field(default_factory=list)

    async def turn(self, number: int) -> Step:
        """Run one turn, in which the server runs the tools that the model calls."""
        question = self.next or (prompts.GO_ON if number > 1 else self.task.goal)
        await self.run.tell(f"step {number}", question)
        answer = await self.run.ask(
            f"step {number}",
            question,
            self.task.model,
            system=prompts.TASK,
            tool_ids=self.context.tool_ids,
            files=self.context.files,
            web_search=self.task.web_search,
        )
        calls = calls_in(answer)
        self.calls += calls
        stored = self.run.session.document.messages.get(answer.message_id) or {}
        self.told += told_at(stored, searches=self.task.web_search)
        reading = self.reminders.after(read_answer(answer.text), answer, calls)
        self.answer, self.next = answer, self.reminders.next
        self.last = replace(reading, todo=reading.todo or self.last.todo)
        self.messages += [{"role": "user", "content": question}, {"role": "assistant", "content": answer.text}]
        await self.run.tell(f"step {number}", question, done=True)
        return Step(
            number=number,
            text=answer.text,
            todo=self.last.todo,
            tools=tuple(calls),
            message_id=answer.message_id,
            thought=reading.thought,
            final=reading.final,
            options=reading.options,
            given_up=self.reminders.given_up,
        )

    async def decide(self, number: int) -> Step:
        """Choose among the options that were offered: what comes next is the one that was chosen."""
        options = self.last.options
        decided: dict[str, int] = self.run.state.get("decisions") or {}
        if str(number) not in decided:
            decided = {**decided, str(number): await self._chosen(options)}
            await self.run.save(decisions=decided)
        chosen = min(decided[str(number)], len(options))
        option = options[chosen - 1]
        self.next = prompts.CHOSEN.format(number=chosen, option=option)
        return Step(number=number, kind="decision", text=option, todo=self.last.todo, options=options, chosen=chosen)

    async def _chosen(self, options: Sequence[str]) -> int:
        if not self.task.decision_model:
            return 1
        listed = "\n".join(f"{number}. {option}" for number, option in enumerate(options, start=1))
        prompt = prompts.DECIDE.format(goal=self.task.goal, said=self.messages[-1]["content"], options=listed)

        def read(value: Any) -> int:
            number = str(value.get("option") if isinstance(value, dict) else value)
            if not number.isdigit() or not 1 <= int(number) <= len(options):
                raise ValueError(f"`option` has to be a number from 1 to {len(options)}")
            return int(number)

        found, _ = await ask_json(self.run, self.task.decision_model, prompt, read)
        return found or 1

    async def end(self) -> Solution:
        """Return the solution; without a final answer it is the text of the last turn."""
        assert self.answer
        completed = self.last.final is not None
        text = self.last.final if self.last.final is not None else self.answer.text
        summary = await self._summary() if self.task.summarize else None
        cut = [token_limit.words("the solution")] if self.answer.at_limit else []
        await self.run.add_tags(self.task.tags)
        await self.run.save(state="done")
        return Solution(
            chat_id=self.run.chat_id,
            message_id=self.answer.message_id,
            text=text,
            messages=tuple(self.messages),
            summary=summary,
            todo=self.last.todo,
            completed=completed,
            tokens=self.run.session.tokens,
            given_up=not completed and self.reminders.given_up,
            repeated=not completed and self.reminders.repeated,
            problems=distinct([*self.told, *failures_at_end(self.calls), *cut, *self.reminders.problems()]),
        )

    async def _summary(self) -> str | None:
        """Return a summary of the conversation; None if the model writes none, which loses nothing of the work."""
        most = _TALK // len(self.messages)
        talk = "\n\n".join(f"{one['role']}: {shortened(one['content'], most)}" for one in self.messages)
        asked = [{"role": "user", "content": prompts.SUMMARY.format(talk=talk)}]
        try:
            answer = await self.run.session.ask_aside(self.task.model, asked)
        except AnswerFailed as error:
            self.told.append(f"there is no summary: {error.problems[0]}")
            return None
        if answer.at_limit:
            self.told.append(token_limit.words("the summary of the history"))
        return answer.text
