"""Whether an answer is what it should be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from owui_sync.client.api import completions
from owui_sync.client.json_in_text import object_in
from owui_sync.client.writer import Writer
from owui_sync.errors import OwuiSyncError
from owui_sync.jobs.matching import SECONDS, is_found
from owui_sync.jobs.outcome import JobAnswer, Verdict
from owui_sync.kinds.names import IdIndex

_JUDGE = """You are a strict examiner. Read the answer below and decide whether it meets the criterion.

Criterion: {criterion}

<answer>
{answer}
</answer>

Reply with one JSON object and nothing else: {{"met": true or false, "reason": "one sentence"}}"""
_TRIES = 3
_PATIENCE = 300.0


async def verdicts(
    writer: Writer, expect: Mapping[str, Any], answered: JobAnswer, seconds: float, names: IdIndex
) -> tuple[Verdict, ...]:
    """Return a verdict on each expectation. No request; for a judge one to three, to a model.

    Args:
        seconds: what all steps took.

    Raises:
        OwuiSyncError: the judge gives no verdict.
    """
    found = [*_contained(expect, answered.text), *await _matched(expect, answered.text)]
    found += [*_sources(expect, answered, names), *_time(expect, seconds)]
    if "judge" in expect:
        found.append(await _judged(writer, expect["judge"], answered.text))
    return tuple(found)


def _contained(expect: Mapping[str, Any], text: str) -> Iterator[Verdict]:
    for wanted in expect.get("contains", ()):
        yield _verdict("contains", wanted, wanted.casefold() in text.casefold(), "the answer does not have it")


async def _matched(expect: Mapping[str, Any], text: str) -> list[Verdict]:
    verdicts = []
    for wanted in expect.get("matches", ()):
        met = await is_found(wanted, text)
        slow = f"it is not known after {SECONDS:g} s, the most for one expression: write a simpler one"
        verdicts.append(_verdict("matches", wanted, bool(met), slow if met is None else "nothing in the answer fits"))
    return verdicts


def _sources(expect: Mapping[str, Any], answered: JobAnswer, names: IdIndex) -> Iterator[Verdict]:
    there = [str(source.get("name")) for source in answered.sources]
    ids = {source.get("id") for source in answered.sources}
    for wanted in expect.get("sources", ()):
        met = wanted in there or bool(ids & set(names.ids("knowledge", wanted)))
        yield _verdict("sources", wanted, met, f"its sources are {', '.join(there)}" if there else "it has no sources")


def _time(expect: Mapping[str, Any], seconds: float) -> Iterator[Verdict]:
    if "max_seconds" in expect:
        most = expect["max_seconds"]
        yield _verdict("max_seconds", f"{most:g}", seconds <= most, f"it took {seconds:.1f} s")


def _verdict(check: str, wanted: str, met: bool, otherwise: str) -> Verdict:
    return Verdict(check, wanted, met, "" if met else otherwise)


async def _judged(writer: Writer, judge: Mapping[str, Any], text: str) -> Verdict:
    prompt = _JUDGE.format(criterion=judge["criterion"], answer=text)
    body = {"model": judge["model"], "messages": [{"role": "user", "content": prompt}]}
    for _ in range(_TRIES):
        answer = await completions.answer(writer, body, _PATIENCE)
        found = object_in(completions.text_in(answer))
        if isinstance(found.get("met"), bool):
            return Verdict("judge", judge["criterion"], found["met"], str(found.get("reason") or ""))
    raise OwuiSyncError(
        f"the judge {judge['model']} gave no verdict in {_TRIES} tries", hint="choose a model that can answer in JSON"
    )
