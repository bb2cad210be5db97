"""The report of a research, written at once or section by section."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import chain

from owui_sync.client.chat import token_limit
from owui_sync.client.chat.errors import AnswerFailed
from owui_sync.client.chat.turn import Answer
from owui_sync.client.chat.verdict import EMPTY
from owui_sync.client.concurrency import each
from owui_sync.client.runs import markdown, prompts
from owui_sync.client.runs.citations import CitedSource, number_of
from owui_sync.client.runs.definition import Finding, Plan
from owui_sync.client.runs.digest import condensed, excerpt, trees
from owui_sync.client.runs.run import Run

_IN_SUMMARY = 1500
"""Characters of a section that the writer of the summary gets."""

_LEVEL = 3
"""Level of the highest headings inside a section."""

_HEADINGS = re.compile(rf"{markdown.LITERAL} | ^(?P<level>\#{{1,6}})(?=[ \t])", markdown.FLAGS)
_HEADING = re.compile(r"\A\s*#+ [^\n]*(?:\n+|\Z)")


@dataclass(slots=True)
class Writing:
    """Writes the report.

    Args:
        plan: the research.
        run: its run.
        below: id of the message with the plan; nothing that stands after it is sent to a model.
        sources: the numbered sources.
        beside: whether sections may be written at once.
        more: whether the budget allows further calls for a report that a limit of tokens cut off.

    Attributes:
        shortfalls: in words, what is missing in the report.
    """

    plan: Plan
    run: Run
    below: str
    sources: Sequence[CitedSource]
    beside: bool = False
    more: Callable[[], bool] = lambda: True
    shortfalls: list[str] = field(default_factory=list)

    async def write(self, findings: Sequence[Finding]) -> tuple[Answer, str]:
        """Return the answer that holds the report, and its text.

        One that a limit of tokens cut off is written anew, section by section: each of them is shorter.

        Raises:
            AnswerFailed: nobody wrote it, or the summary of its sections.
        """
        short = await condensed(self.run, self.plan, findings, self.sources)
        groups = [[one for one in group if one.text] for group in trees(short)]
        groups = [group for group in groups if group]
        if self.plan.sections:
            parts = await self._sections(groups)
            summary = await self._summary("report", parts)
            return summary, self._joined(summary.text, parts)
        system = prompts.REPORT.format(
            topic=self.plan.topic, findings=_listed(chain(*groups)), sources=self._listed_sources(self.sources)
        )
        answer = await self._ask("report", prompts.REPORT_QUESTION.format(topic=self.plan.topic), system)
        return answer, await self._anew(answer, groups) if answer.at_limit else answer.text

    async def _anew(self, answer: Answer, groups: list[list[Finding]]) -> str:
        """Return a report that was cut off as it is when it is written in sections; as it is where that is no use."""
        if len(groups) == 1 or not self.more():
            self.shortfalls.append(token_limit.words("the report"))
            return answer.text
        parts = await self._sections(groups)
        try:
            summary = (await self._summary("summary", parts)).text
        except AnswerFailed as error:
            self.shortfalls.append(f"the report has no summary: {error.reason}")
            summary = ""
        return self._joined(summary, parts)

    async def _sections(self, groups: list[list[Finding]]) -> list[str]:
        """Let a model write a section for each planned question, and return them below their headings."""
        limit = self.plan.concurrency if self.beside else 1
        sections = await each(self._section, enumerate(groups, start=1), limit)
        return [f"## {group[0].question}\n\n{section}" for group, section in zip(groups, sections, strict=True)]

    async def _summary(self, step: str, parts: Sequence[str]) -> Answer:
        """Let a model write a summary of the sections."""
        shown = "\n\n".join(excerpt(part, _IN_SUMMARY) for part in parts)
        system = prompts.SUMMARY_OF_REPORT.format(topic=self.plan.topic, sections=shown)
        answer = await self._ask(step, prompts.SUMMARY_QUESTION.format(topic=self.plan.topic), system)
        if answer.at_limit:
            self.shortfalls.append(token_limit.words("the summary"))
        return answer

    def _joined(self, summary: str, parts: Sequence[str]) -> str:
        whole = [f"# {self.plan.topic}", _without_heading(summary), *parts]
        return "\n\n".join(part for part in whole if part)

    async def _section(self, numbered_group: tuple[int, list[Finding]]) -> str:
        """Return the text of a section; where nobody writes it, the findings themselves."""
        number, group = numbered_group
        own = [source for finding in group for source in finding.sources]
        numbers = dict.fromkeys(number_of(source, self.sources) for source in own)
        sources = [self.sources[place - 1] for place in numbers if place]
        system = prompts.SECTION.format(
            topic=self.plan.topic, findings=_listed(group), sources=self._listed_sources(sources)
        )
        question = prompts.SECTION_QUESTION.format(question=group[0].question)
        try:
            answer = await self._ask(f"section {number}", question, system, beside=self.beside)
            if not (text := _as_section(answer.text)):
                raise AnswerFailed(self.plan.models.report, EMPTY)
        except AnswerFailed as error:
            self.shortfalls.append(f"section {number} has the findings as they are: {error.reason}")
            return _listed(group)
        if answer.at_limit:
            self.shortfalls.append(token_limit.words(f"section {number}"))
        return text

    async def _ask(self, step: str, question: str, system: str, *, beside: bool = False) -> Answer:
        await self.run.tell(step, question)
        try:
            model = self.plan.models.report
            return await self.run.ask_below(self.below, step, question, model, system=system, beside=beside)
        finally:
            await self.run.tell(step, question, done=True)

    def _listed_sources(self, sources: Sequence[CitedSource]) -> str:
        numbered = ((number_of(one, self.sources), one) for one in sources)
        return prompts.listed_sources([(number, one.name, one.url, one.texts) for number, one in numbered])


def _without_heading(text: str) -> str:
    return _HEADING.sub("", text).strip()


def _as_section(text: str) -> str:
    """Return the text of a section without a heading at its top, and with all others below that of the section."""
    text = _without_heading(text)
    levels = [len(found["level"]) for found in _HEADINGS.finditer(text) if found["level"]]
    lower = _LEVEL - min(levels, default=_LEVEL)
    return (
        _HEADINGS.sub(lambda found: "#" * lower + found[0] if found["level"] else found[0], text) if lower > 0 else text
    )


def _listed(findings: Sequence[Finding] | chain[Finding]) -> str:
    return prompts.listed_findings((one.question, one.text) for one in findings)
