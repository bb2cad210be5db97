"""What models are asked in runs, and what the chat shows of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

RESEARCH = "Research: {topic}"

PLAN = """Plan a research on the topic below: {number} questions whose answers together cover it. Each question must \
be understandable on its own, and no two may ask the same. Order them as a reader wants the answers. Write them in the \
language of the topic.

Topic: {topic}

{kinds}
Answer with JSON alone, in this form:
{{"questions": [{{"question": "...", "kind": "general"}}]}}"""

KINDS = """Give each question a kind: "search" if its answer needs current or specific facts that must be looked up, \
"general" if general knowledge and reasoning are enough.
"""
ONE_KIND = """The kind of each question is "general".
"""

GAPS = """Below are the findings of a research so far. Which questions that matter to the topic do they leave open? \
Name at most {number}, none if nothing of weight is missing.

Topic: {topic}

Findings:
{log}

{kinds}
Answer with JSON alone, in this form; with an empty list if nothing is missing:
{{"questions": [{{"question": "...", "kind": "general"}}]}}"""

ANSWER = """You help with a research on this topic: {topic}
Answer the question with facts, as precisely and as briefly as it allows, in the language of the question. Say what \
you do not know instead of guessing. Where sources are given, rest on them."""

KNOWN = """

This is known already, in short; build on it, and do not repeat it:
{known}"""

DEEPER = """Below is a finding of a research. Which further questions does it take to understand it in depth? Name at \
most {number}, none if it says all that matters to the topic. Each must be understandable on its own.

Topic: {topic}

Question: {question}

Finding:
{text}

{kinds}
Answer with JSON alone, in this form; with an empty list if nothing is needed:
{{"questions": [{{"question": "...", "kind": "general"}}]}}"""

CONDENSE = """Condense the finding below to at most {most} words. Keep all facts, figures, names and reservations that \
matter to the question, and the numbers of sources such as [1] where they stand. Answer with the condensed text alone.

Question: {question}

Finding:
{text}"""

REPORT_QUESTION = "Write the report: {topic}"

REPORT = """Write the report of a research on this topic: {topic}
Rest on the findings below alone. Write Markdown in the language of the topic: \
a summary first, then sections, then what stays open. After each statement cite its sources by number, such as [1] or \
[2][3]. Use only the numbers of this list, and no addresses that are not in it; do not write a list of sources yourself.

Findings:

{findings}

Sources:

{sources}"""

SECTION_QUESTION = "Write the section: {question}"

SECTION = """Write one section of a long report on this topic: {topic}
Rest on the findings below alone, and say all that they say. Write Markdown in the language of the topic, without a \
heading at the top, and with headings of the third level (###) where it is long. After each statement cite its sources \
by number, such as [1] or [2][3]. Use only the numbers of this list, and no addresses that are not in it; do not write \
a list of sources yourself.

Findings:

{findings}

Sources:

{sources}"""

SUMMARY_QUESTION = "Write the summary: {topic}"

SUMMARY_OF_REPORT = """Write the summary that stands before the sections of a long report on this topic: {topic}
The sections begin as below. Write a few paragraphs of Markdown in the language of the topic, without headings: what \
came out, and what stays open. Keep the numbers of sources, such as [1], where they stand.

{sections}"""

PARTIAL = "\n\n---\n\n*This report is partial: {reason}.*"

_PASSAGE, _PASSAGES = 600, 60_000
"""Characters of a source that the writer of the report sees, and of all sources."""


SHOWN_PLAN = "I will answer these questions, and then write the report:"
REFUSED_PLAN = "The plan was not approved, so that none of these questions is asked:"


def shown_plan(words: str, questions: Iterable[tuple[str, str]]) -> str:
    """Return the plan as the chat shows it, after these words."""
    lines = [f"{n}. {text}{' *(search)*' if kind == 'search' else ''}" for n, (text, kind) in enumerate(questions, 1)]
    return "\n".join([words, "", *lines])


def listed_findings(findings: Iterable[tuple[str, str]]) -> str:
    """Return the findings for the writer of the report, each below its question."""
    return "\n\n".join(f"### {question}\n\n{text}" for question, text in findings)


def listed_sources(sources: Sequence[tuple[int | None, str, str | None, Sequence[str]]]) -> str:
    """Return the sources with their numbers for the writer of the report."""
    found = []
    most = min(_PASSAGE, _PASSAGES // max(1, len(sources)))
    for number, name, url, texts in sources:
        passage = " ".join(" ".join(texts).split())[:most]
        found.append(f"[{number}] {name}{f' ({url})' if url else ''}\n{passage}")
    return "\n\n".join(found)


TASK = """You work on a task for a user, with tools where they help, over several turns if it needs them.
Begin each answer with your to-do list in Markdown, one item a line: "- [ ] item" for what is open, "- [@] item" for \
what you are at, "- [x] item" for what is done. Then say what you did in this turn and what came of it.
When the task is done, or cannot be done, write a line "Final answer:" and below it the answer for the user.
When there is a choice that is not yours to make, write a line "Options:", below it the options as a numbered list, \
and end there. Otherwise end after this turn's work: you will be asked to go on."""

GO_ON = "Go on with the next open item of the to-do list."

NOT_CALLED = """You announced that you would call {tools}, but you made no such call, so that the task is not done. \
Call it now. If it is not needed, or there is no such tool, say so, and write the line "Final answer:" with the answer \
below it."""

TOO_LONG = """Your answer was longer than you may answer, so that its end is missing. Go on in shorter answers. When \
the task is done, write the line "Final answer:" with the answer below it."""

REPEATED = """You made the same calls again, with the same results. Do not make them once more: go on with what they \
say. If that is not possible, write the line "Final answer:" and below it what you have and what is missing."""

A_TOOL = "a tool"

CHOSEN = "Take option {number}: {option}"

DECIDE = """Somebody works on the task below and offers options. Choose the one that serves the task best.

Task: {goal}

What was said:
{said}

Options:
{options}

Answer with JSON alone, in this form: {{"option": 1}}"""

SUMMARY = """Summarize the conversation below in a few sentences: what was to be done, what was done with which tools, \
and what came of it.

{talk}"""

_TITLE = 60


def task_title(goal: str) -> str:
    """Return a title for the chat of a task."""
    words = " ".join(goal.split())
    return f"Task: {words if len(words) <= _TITLE else words[:_TITLE].rsplit(' ', 1)[0] + ' …'}"
