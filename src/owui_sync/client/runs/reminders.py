"""Reminds a model that works on a task of what it leaves open, and tells when that is of no use."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from owui_sync.client.chat.turn import Answer
from owui_sync.client.runs import prompts
from owui_sync.client.runs.announced import announced, ends_with_plan, not_made
from owui_sync.client.runs.todo import TodoReading
from owui_sync.client.shapes import Row

_MOST = 2
"""How often a model is reminded of one thing."""


@dataclass(slots=True)
class Reminders:
    """What a model was reminded of.

    Args:
        has_tools: whether it may call tools.

    Attributes:
        next: what it is to be told in the next turn; empty where it need not be reminded.
        waiting: tools whose calls it announced and did not make.
    """

    has_tools: bool
    next: str = ""
    waiting: tuple[str, ...] = ()
    _made: list[Row] = field(default_factory=list)
    _last: Sequence[Row] = ()
    _unmade: int = 0
    _repeats: int = 0
    _too_long: int = 0

    @property
    def repeated(self) -> bool:
        """Whether it was told often enough that it makes the same calls turn after turn."""
        return self._repeats > _MOST

    @property
    def given_up(self) -> bool:
        """Whether it was reminded often enough, so that the task ends undone."""
        return self.repeated or self._unmade > _MOST

    def after(self, reading: TodoReading, answer: Answer, calls: Sequence[Row]) -> TodoReading:
        """Return the reading of a turn's answer, without a final answer where the model is not done.

        Args:
            reading: what the answer says.
            answer: the answer.
            calls: the calls of tools in that turn.
        """
        self.next, self.waiting = "", ()
        self._made += calls
        reading = self._unless_it_is_cut(reading, answer)
        reading = self._unless_calls_are_missing(reading, answer.text, calls)
        self._look_for_repeats(reading, calls)
        return reading

    def problems(self) -> list[str]:
        """Return in words what the model left open."""
        found = [f"the model announced a call of {name}, and did not make it" for name in self.waiting]
        if self.repeated:
            found.append(f"the model made the same calls turn after turn: {', '.join(_names(self._last))}")
        return found

    def _unless_it_is_cut(self, reading: TodoReading, answer: Answer) -> TodoReading:
        """Return it without a final answer that does not call itself so and whose end a limit of tokens took away."""
        if not answer.at_limit or reading.final is None or reading.marked or self._too_long == _MOST:
            return reading
        self._too_long += 1
        self.next = prompts.TOO_LONG
        return replace(reading, final=None, thought=answer.text.strip())

    def _unless_calls_are_missing(self, reading: TodoReading, text: str, calls: Sequence[Row]) -> TodoReading:
        """Return it without a final answer while a call of a tool is missing that the model announced."""
        if reading.final is None or not self.has_tools:
            return reading
        self.waiting = not_made(announced(text), _names(self._made))
        if not self.waiting and not calls and not reading.marked and ends_with_plan(text):
            self.waiting = (prompts.A_TOOL,)
        if not self.waiting:
            return reading
        self._unmade += 1
        self.next = prompts.NOT_CALLED.format(tools=" and ".join(self.waiting))
        return replace(reading, final=None, thought=text.strip())

    def _look_for_repeats(self, reading: TodoReading, calls: Sequence[Row]) -> None:
        """Tell the model that it makes the same calls, with the same results, in turn after turn."""
        if reading.final is None and calls and list(calls) == list(self._last):
            self._repeats += 1
            self.next = self.next or prompts.REPEATED
        else:
            self._repeats = 0
        self._last = calls


def _names(calls: Iterable[Row]) -> Iterable[str]:
    return dict.fromkeys(str(call["name"]) for call in calls)
