"""The tools that the stubs of tool servers offer, in either protocol."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Arguments = dict[str, Any]


class ToolFailed(Exception):
    """A tool cannot do what it was called for; says why."""


@dataclass(frozen=True, slots=True)
class StubTool:
    """A tool.

    Args:
        name: what models call.
        description: what it does.
        properties: JSON Schema of each parameter, by name.
        required: those that must be given.
        run: does it.
    """

    name: str
    description: str
    properties: dict[str, Any]
    required: tuple[str, ...]
    run: Callable[[Arguments], Any]

    @property
    def schema(self) -> dict[str, Any]:
        """JSON Schema of the parameters together."""
        return {"type": "object", "properties": self.properties, "required": list(self.required)}

    def call(self, arguments: Any) -> Any:
        """Return what it does with these arguments.

        Raises:
            ToolFailed: it cannot, or an argument is missing.
        """
        given = arguments if isinstance(arguments, dict) else {}
        if missing := [name for name in self.required if name not in given]:
            raise ToolFailed(f"missing: {', '.join(missing)}")
        try:
            return self.run(given)
        except (TypeError, ValueError) as error:
            raise ToolFailed(f"an argument cannot be used: {error}") from error


class Tickets:
    """Tickets that tools can find and create; safe for several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._tickets: dict[int, Arguments] = {}
        self.reset()

    def reset(self) -> None:
        """Forget the tickets that were created."""
        with self._lock:
            self._tickets = {7: {"number": 7, "subject": "The printer is on fire", "state": "open"}}

    def find(self, arguments: Arguments) -> Arguments:
        """Return the ticket of that number."""
        number = int(arguments["number"])
        with self._lock:
            if number not in self._tickets:
                raise ToolFailed(f"there is no ticket {number}")
            return self._tickets[number]

    def create(self, arguments: Arguments) -> Arguments:
        """Return a new ticket."""
        with self._lock:
            number = max(self._tickets) + 1
            self._tickets[number] = {"number": number, "subject": str(arguments["subject"]), "state": "open"}
            return self._tickets[number]


def tools_of(tickets: Tickets) -> dict[str, StubTool]:
    """Return all tools by name."""
    number = {"type": "number"}
    found = (
        StubTool(
            "find_ticket",
            "Find a ticket by its number.",
            {"number": {"type": "integer", "description": "Number of the ticket."}},
            ("number",),
            tickets.find,
        ),
        StubTool(
            "create_ticket",
            "Create a ticket.",
            {"subject": {"type": "string", "description": "What it is about."}},
            ("subject",),
            tickets.create,
        ),
        StubTool("add_numbers", "Add two numbers.", {"a": number, "b": number}, ("a", "b"), _sum),
    )
    return {tool.name: tool for tool in found}


def _sum(arguments: Arguments) -> Arguments:
    return {"sum": arguments["a"] + arguments["b"]}
