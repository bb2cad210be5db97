"""Faults, and the rules that say which requests get them."""

from __future__ import annotations

import json
import re
import threading
from dataclasses import dataclass
from typing import Any

from owui_sync.sandbox.provider.completions import error, finishes

KINDS = ("status", "delay", "slow", "cut", "unfinished", "stream-error", "silence", "answer", "none")
_DEFAULTS = {"status": "500", "cut": "0", "delay": "1", "slow": "0.1", "silence": "3600"}
_PROMPTED = re.compile(
    rf"^fail\s+(?P<kind>{'|'.join(KINDS[:-2])})\b[ \t]*(?P<value>[\d.]*)", re.IGNORECASE | re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is done to one request, instead of or while answering it.

    status N          an error with that HTTP status (500)
    delay S           the answer begins after S seconds (1)
    slow S            S seconds pass between the parts of a stream (0.1)
    cut S             the connection breaks in the middle of the answer, whose parts come S seconds apart (0)
    unfinished        the answer ends cleanly, but without a `finish_reason`
    stream-error      an error object in the middle of the stream; without a stream, instead of the answer
    silence S         after the first part of a stream nothing comes for S seconds (3600); then it breaks
    answer TEXT       no fault: the model says TEXT
    """

    kind: str
    value: str = ""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"{self.kind!r} is not one of {', '.join(KINDS)}")
        if self.kind in _DEFAULTS:
            float(self.value or _DEFAULTS[self.kind])

    @property
    def number(self) -> float:
        """The value as a number, or what stands in brackets above."""
        return float(self.value or _DEFAULTS.get(self.kind, "0"))

    def on_document(self, document: dict[str, Any]) -> dict[str, Any]:
        """Return the answer of one document as the fault leaves it."""
        if self.kind == "stream-error":
            return error("scripted to fail")
        if self.kind == "unfinished" and "choices" in document:
            return {**document, "choices": [{**choice, "finish_reason": None} for choice in document["choices"]]}
        return document

    def on_stream(self, events: list[str]) -> list[str]:
        """Return the events of a stream as the fault leaves them."""
        middle = len(events) // 2
        if self.kind == "stream-error":
            return [*events[:middle], json.dumps(error("scripted to fail"))]
        if self.kind == "unfinished":
            return [event for event in events if not finishes(event)]
        return events[: {"cut": middle, "silence": 2}.get(self.kind, len(events))]


NO_FAULT = Fault("none")


@dataclass(slots=True)
class Rule:
    """Which requests get a fault.

    Attributes:
        fault: what they get.
        path: of the request, such as `/v1/embeddings`.
        match: text that the last message of the user must contain.
        model: the model that must be asked for; empty for any.
        times: how many more requests; it is counted down.
    """

    fault: Fault
    path: str = "/v1/chat/completions"
    match: str = ""
    model: str = ""
    times: int = 1

    @classmethod
    def parse(cls, document: dict[str, Any]) -> Rule:
        """Return a rule from its JSON form: `do` and `value` for the fault, and the attributes above.

        Raises:
            ValueError, TypeError, LookupError: it is no such thing.
        """
        rest = dict(document)
        fault = Fault(rest.pop("do"), str(rest.pop("value", "")))
        return cls(fault, **rest)

    def fits(self, path: str, model: str, prompt: str) -> bool:
        """Return whether a request gets the fault."""
        return self.times > 0 and self.path == path and self.match in prompt and self.model in {"", model}


class Script:
    """The rules in force, the first that fits winning; safe for several threads."""

    def __init__(self) -> None:
        self._rules: list[Rule] = []
        self._lock = threading.Lock()

    def add(self, rules: list[Rule]) -> None:
        """Put rules after those in force."""
        with self._lock:
            self._rules += rules

    def clear(self) -> None:
        """Forget all rules."""
        with self._lock:
            self._rules.clear()

    def take(self, path: str, model: str, prompt: str) -> Fault:
        """Return the fault for a request, if a rule fits or its prompt asks for one; counts the rule down."""
        with self._lock:
            for rule in self._rules:
                if rule.fits(path, model, prompt):
                    rule.times -= 1
                    return rule.fault
        return prompted(prompt)


def prompted(prompt: str) -> Fault:
    """Return the fault that a line such as `fail status 503` of a prompt asks for."""
    found = _PROMPTED.search(prompt)
    return Fault(found["kind"].lower(), found["value"]) if found else NO_FAULT
