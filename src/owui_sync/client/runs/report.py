"""The report of a research, written at once or section by section."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain

from owui_sync.client.chat.errors import AnswerFailed
from owui_sync.client.chat.turn import Answer
from owui_sync.client.concurrency import each
from owui_sync.client.runs import prompts
from owui_sync.client.runs.citations import CitedSource, number_of
from owui_sync.client.runs.definition import Finding, Plan
from owui_sync.client.runs.digest import condensed, excerpt, trees
from owui_sync.client.runs.run import Run

_IN_SUMMARY = 1500
"""Characters of a section that the writer of the summary gets."""

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
    """

    plan: Plan
    run: Run
    below: str
    sources: Sequence[CitedSource]
    beside: bool = False
    shortfalls: list[str] = field(default_factory=list)

    async def write(self, findings: Sequence[Finding]) -> tuple[Answer, str]:
        """Return the answer that holds the report, and its text.

        Raises:
            AnswerFailed: nobody wrote it, or the summary of its sections.
        """
        short = await condensed(self.run, self.plan, findings, self.sources)
        groups = [[one for one in group if one.text] for group in trees(short)]
        groups = [group for group in groups if group]
        if self.plan.sections:
            return await self._in_sections(groups)
        system = prompts.REPORT.format(
            topic=self.plan.topic, findings=_listed(chain(*groups)), sources=self._listed_sources(self.sources)
        )
        answer = await self._ask("report", prompts.REPORT_QUESTION.format(topic=self.plan.topic), system)
        return answer, answer.text

    async def _in_sections(self, groups: list[list[Finding]]) -> tuple[Answer, str]:
        """Let a model write a section for each planned question, and then a summary of them."""
        limit = self.plan.concurrency if self.beside else 1
        sections = await each(self._section, enumerate(groups, start=1), limit)
        parts = [f"## {group[0].question}\n\n{section}" for group, section in zip(groups, sections, strict=True)]
        shown = "\n\n".join(excerpt(part, _IN_SUMMARY) for part in parts)
        system = prompts.SUMMARY_OF_REPORT.format(topic=self.plan.topic, sections=shown)
        answer = await self._ask("report", prompts.SUMMARY_QUESTION.format(topic=self.plan.topic), system)
        whole = [f"# {self.plan.topic}", _without_heading(answer.text), *parts]
        return answer, "\n\n".join(part for part in whole if part)

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
        except AnswerFailed as error:
            self.shortfalls.append(f"section {number} has the findings as they are: {error.reason}")
            return _listed(group)
        return _without_heading(answer.text)

    async def _ask(self, step: str, question: str, system: str, *, beside: bool = False) -> Answer:
        self.run.tell(step, question)
        try:
            model = self.plan.models.report
            return await self.run.ask_below(self.below, step, question, model, system=system, beside=beside)
        finally:
            self.run.tell(step, question, done=True)

    def _listed_sources(self, sources: Sequence[CitedSource]) -> str:
        numbered = ((number_of(one, self.sources), one) for one in sources)
        return prompts.listed_sources([(number, one.name, one.url, one.texts) for number, one in numbered])


def _without_heading(text: str) -> str:
    return _HEADING.sub("", text).strip()


def _listed(findings: Sequence[Finding] | chain[Finding]) -> str:
    return prompts.listed_findings((one.question, one.text) for one in findings)
