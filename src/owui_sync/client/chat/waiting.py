"""How long a provider that refuses a question for now wants to be left alone, where it says so in its refusal."""

from __future__ import annotations

import re

_LONGEST = 120.0
"""Seconds that are waited at the most, whatever a provider says."""

_UNITS = {"ms": 0.001, "milli": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}
_TOLD = re.compile(r"\b(?:try again|retry)\s+(?:in|after)\s+(?P<time>[\d.]+\s*[a-z]+(?:[\d.]+[a-z]+)*)", re.IGNORECASE)
_PART = re.compile(r"(?P<number>\d+(?:\.\d+)?)\s*(?P<unit>ms|milli|s|m|h)")


def seconds_told(reason: str) -> float:
    """Return the seconds that a refusal such as `Please try again in 7m12s` asks for, `_LONGEST` at the most.

    Args:
        reason: the refusal, in the provider's words; 0 is returned where it says nothing of the kind.
    """
    found = _TOLD.search(reason)
    if not found:
        return 0.0
    parts = _PART.finditer(found["time"].lower())
    return min(_LONGEST, sum(float(part["number"]) * _UNITS[part["unit"]] for part in parts))
