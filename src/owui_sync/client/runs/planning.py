"""The questions of a research, as a model plans them."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from owui_sync.client.chat.errors import AnswerFailed
from owui_sync.client.concurrency import each
from owui_sync.client.errors import WrongValue
from owui_sync.client.runs import prompts
from owui_sync.client.runs.alike import question_key
from owui_sync.client.runs.definition import Finding, Plan, Question
from owui_sync.client.runs.digest import LONGEST, excerpt
from owui_sync.client.runs.errors import PlanRefused
from owui_sync.client.runs.run import Run
from owui_sync.client.runs.structured import ask_json, lines_of

_ASPECTS = (
    "What is {topic}, and why does it matter?",
    "What are the most important facts about {topic}?",
    "What speaks for and against {topic}?",
    "What is uncertain or disputed about {topic}?",
    "What follows from all this for {topic}?",
)
"""Questions for a topic that no model makes a plan for."""


async def plan_questions(run: Run, plan: Plan) -> list[Question]:
    """Return the questions that are written; where none are, as many as the plan has steps, one at least.

    A model that answers no usable JSON, however often it is told, is taken at its word: each line is a question; and
    what is still missing are general questions about the topic.

    Raises:
        AnswerFailed: the model does not answer at all.
    """
    if plan.questions:
        return _for(plan, _distinct([Question(text, "search") for text in plan.questions]))
    wanted = max(1, plan.steps)
    prompt = prompts.PLAN.format(topic=plan.topic, number=wanted, kinds=_kinds(plan))
    found, text = await ask_json(run, plan.models.plan, prompt, _questions)
    questions = found if found is not None else [Question(line) for line in lines_of(text)]
    general = [Question(aspect.format(topic=plan.topic)) for aspect in _ASPECTS]
    return _for(plan, _distinct([*questions, *general])[:wanted])


async def more_questions(run: Run, plan: Plan, log: str, round: int, asked: Sequence[Question]) -> list[Question]:
    """Return questions that are still open after the findings; those of an earlier process if there are any.

    None of them asks the same as one that was `asked`.

    Raises:
        AnswerFailed: the model does not answer at all.
    """
    rounds: list[Any] = run.state.setdefault("gaps", [])
    if len(rounds) <= round:
        known = {question_key(one.text) for one in asked}
        prompt = prompts.GAPS.format(topic=plan.topic, log=log, number=plan.steps, kinds=_kinds(plan))
        found, _ = await ask_json(run, plan.models.plan, prompt, _questions_or_none)
        new = [one for one in _for(plan, found or []) if question_key(one.text) not in known]
        rounds.append([one.item() for one in new[: plan.steps]])
        await run.save(gaps=rounds)
    return [Question(**one) for one in rounds[round]]


async def deeper_questions(
    run: Run, plan: Plan, level: int, findings: Sequence[Finding], asked: Sequence[Question]
) -> list[Question]:
    """Return questions to ask below these findings; those of an earlier process if there are any.

    None of them asks the same as one that was `asked`. A finding for which the model fails has none below it,
    and the report says so.

    Args:
        run: the run.
        plan: the research.
        level: how deep they are: 0 for those right below the planned questions.
        findings: what was answered in the level above.
        asked: all questions so far.
    """
    levels: list[Any] = run.state.setdefault("deeper", [])
    shortfalls: list[str] = run.state.setdefault("shortfalls", [])
    if len(levels) <= level:

        async def below(finding: Finding) -> list[Question]:
            text, kinds = excerpt(finding.text, LONGEST), _kinds(plan)
            about = {"topic": plan.topic, "question": finding.question, "text": text, "kinds": kinds}
            prompt = prompts.DEEPER.format(number=plan.breadth, **about)
            try:
                found, _ = await ask_json(run, plan.models.plan, prompt, _questions_or_none)
            except AnswerFailed as error:
                shortfalls.append(f"nothing was asked below question {finding.number}: {error.reason}")
                return []
            return [replace(one, parent=finding.number) for one in _for(plan, found or [])[: plan.breadth]]

        groups = await each(below, [one for one in findings if one.text], max(1, plan.concurrency))
        known = {question_key(one.text) for one in asked}
        new = _distinct([one for group in groups for one in group])
        levels.append([one.item() for one in new if question_key(one.text) not in known])
        await run.save(deeper=levels)
    return [Question(**one) for one in levels[level]]


async def approved(plan: Plan, questions: list[Question]) -> list[Question]:
    """Return the questions as whoever approves the plan wants them.

    Raises:
        PlanRefused: nobody wants any.
        WrongValue: what was returned is no list of questions.
    """
    if plan.approve is None:
        return questions
    answer = plan.approve([{"question": one.text, "kind": one.kind} for one in questions])
    answer = await answer if inspect.isawaitable(answer) else answer
    if answer is None or answer is True:
        return questions
    if not answer:
        raise PlanRefused
    try:
        return _for(plan, _questions(list(answer) if isinstance(answer, tuple) else answer))
    except ValueError:
        raise WrongValue("`approve` returned no questions", hint="return a list of texts, or None") from None


def _kinds(plan: Plan) -> str:
    return prompts.KINDS if plan.models.search else prompts.ONE_KIND


def _for(plan: Plan, questions: list[Question]) -> list[Question]:
    """Return the questions as this plan can answer them: without models that search, all are general."""
    return questions if plan.models.search else [replace(question, kind="general") for question in questions]


def _questions(value: Any) -> list[Question]:
    found = _questions_or_none(value)
    if not found:
        raise ValueError("it has no questions")
    return found


def _questions_or_none(value: Any) -> list[Question]:
    """Return questions from `{"questions": [{"question", "kind"}]}`, and from what models make of that."""
    items = _listed(value)
    if items is None:
        raise ValueError("it is no list of questions")
    found = list(_questions_in(items))
    if items and not found:
        raise ValueError("it has no questions")
    return _distinct(found)


def _questions_in(items: list[Any]) -> Iterator[Question]:
    """Yield the questions of a list, and those of lists in it, as of a plan that has steps."""
    for item in items:
        if question := _question(item):
            yield question
        elif isinstance(item, dict) and (inner := _listed(item)):
            yield from _questions_in(inner)


def _listed(value: Any) -> list[Any] | None:
    """Return the list in an answer, wherever in it that is; questions by number or one alone are a list as well."""
    if isinstance(value, list):
        return value
    if not isinstance(value, dict):
        return None
    if _question(value):
        return [value]
    parts = [value["questions"], *value.values()] if "questions" in value else list(value.values())
    lists = [part for part in parts if isinstance(part, list)]
    deeper = (found for part in parts if isinstance(part, dict) and (found := _listed(part)))
    return lists[0] if lists else next(deeper, [part for part in parts if isinstance(part, str) and "?" in part])


def _question(item: Any) -> Question | None:
    if isinstance(item, str):
        return Question(item.strip()) if _asks(item) else None
    if not isinstance(item, dict):
        return None
    text = next((item[key] for key in ("question", "next_question", "text", "q") if isinstance(item.get(key), str)), "")
    texts = [part for part in item.values() if isinstance(part, str)]
    if not text and len(texts) == len(item):  # Its keys may be in another language.
        asked = [part for part in texts if part.rstrip().endswith(("?", "？", "؟"))]
        text = asked[0] if len(asked) == 1 else ""
    kind = " ".join(str(item.get(key, "")) for key in ("kind", "type", "model_type", "chosen_model_type")).lower()
    return Question(text.strip(), "search" if "search" in kind else "general") if _asks(text) else None


def _asks(text: str) -> bool:
    """Return whether a text has words; some models answer the form that they were given, with `...` in it."""
    return any(sign.isalnum() for sign in text)


def _distinct(questions: list[Question]) -> list[Question]:
    """Return each question once; it needs a search if it does so in one of its wordings."""
    found: dict[tuple[str, ...], Question] = {}
    for question in questions:
        first = found.setdefault(key := question_key(question.text), question)
        if question.kind == "search":
            found[key] = replace(first, kind="search")
    return list(found.values())
