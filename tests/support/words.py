"""What stays asserted of a sentence whose words are in a golden file: its place, and the names in it."""

from __future__ import annotations

import re


def place_of(problem: str) -> str:
    """Return the `file:line:column` with which a problem begins."""
    return problem.split(": ")[0]


def names_in(text: str) -> set[str]:
    """Return all that stands in backticks."""
    return set(re.findall(r"`([^`\n]+)`", text))


def numbers_in(text: str) -> list[str]:
    """Return all numbers, in their order, as they are written."""
    return re.findall(r"\d(?:[\d,.]*\d)?", text)
