"""Findings in short, for models that go on from them: no call has the whole conversation in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from owui_sync.client.chat.errors import AnswerFailed
from owui_sync.client.concurrency import each
from owui_sync.client.runs import prompts
from owui_sync.client.runs.checking import renumbered
from owui_sync.client.runs.citations import CitedSource, number_of
from owui_sync.client.runs.definition import Finding, Plan
from owui_sync.client.runs.run import Run

LONGEST = 3000
"""Characters of a finding that the writer of the report gets; a longer one is condensed by a model first."""

_ALL = 60_000
"""Characters of all findings of a report that is written at once."""

_LOG, _IN_LOG = 20_000, 1500
"""Characters of all findings, and of one, for a model that looks for gaps."""

_KNOWN, _IN_KNOWN, _PARENT = 4000, 300, 1500
"""Characters of all findings, of one, and of the one below which a question is asked, for a model that answers it."""


def excerpt(text: str, most: int) -> str:
    """Return a text in one line, cut off at a blank where it is longer than `most` characters."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[:most].rpartition(' ')[0] or line[:most]} …"


def shortened(text: str, most: int) -> str:
    """Return a text with its lines, without its middle where it is longer than `most` characters."""
    return text if len(text) <= most else f"{text[: most // 2]}\n…\n{text[-most // 2 :]}"


def log_of(findings: Sequence[Finding]) -> str:
    """Return questions and findings for a model that looks for what is missing."""
    most = min(_IN_LOG, _LOG // max(1, len(findings)))
    return "\n\n".join(f"{one.question}\n{excerpt(one.text or one.error or '', most)}" for one in findings)


def known(findings: Sequence[Finding], parent: int | None) -> str:
    """Return what is known so far for a model that answers a question, which may be asked below another one."""
    answered = [one for one in findings if one.text]
    most = min(_IN_KNOWN, _KNOWN // max(1, len(answered)))
    lines = [f"- {one.question} {excerpt(one.text, _PARENT if one.number == parent else most)}" for one in answered]
    return prompts.KNOWN.format(known="\n".join(lines)) if lines else ""


async def condensed(run: Run, plan: Plan, findings: Sequence[Finding], sources: Sequence[CitedSource]) -> list[Finding]:
    """Return the findings as the writer of the report gets them, with the numbers of the report's sources.

    What a model made of a long one is kept in the state of the run. Where it fails, or makes nothing shorter, the end
    is cut off. The more findings there are for one text, the shorter each of them is.

    Requests: two for each long finding.
    """
    most = LONGEST if plan.sections else min(LONGEST, _ALL // max(1, len(findings)))

    async def short(finding: Finding) -> Finding:
        text = _renumbered(finding, sources)
        return finding.with_text(text if len(text) <= most else await _condensed(run, plan, finding, text, most))

    return await each(short, findings, max(1, plan.concurrency))


async def _condensed(run: Run, plan: Plan, finding: Finding, text: str, most: int) -> str:
    made: dict[str, str] = run.state.setdefault("condensed", {})
    if (number := str(finding.number)) not in made:
        prompt = prompts.CONDENSE.format(question=finding.question, text=text, most=most // 8)
        try:
            answer = await run.session.ask_aside(plan.models.report, [{"role": "user", "content": prompt}])
            made[number] = f"{answer.text} …" if answer.at_limit else answer.text
        except AnswerFailed as error:
            await run.tell("report", f"question {number} could not be condensed: {error.reason}", done=True)
            made[number] = text
        made[number] = made[number] if len(made[number]) <= most else f"{text[:most].rpartition(' ')[0]} …"
        await run.save()
    return made[number]


def _renumbered(finding: Finding, sources: Sequence[CitedSource]) -> str:
    """Return the text with the numbers that its sources have in the report."""
    numbers = (number_of(source, sources) for source in finding.sources if not source.is_answer)
    return renumbered(finding.text, {own: number for own, number in enumerate(numbers, start=1) if number})


def trees(findings: Sequence[Finding]) -> list[list[Finding]]:
    """Return the findings as they belong together: each that was planned, with all that were asked below it."""
    return [list(_below(findings, root)) for root in findings if root.parent is None]


def _below(findings: Sequence[Finding], root: Finding) -> Iterator[Finding]:
    yield root
    for child in findings:
        if child.parent == root.number:
            yield from _below(findings, child)
