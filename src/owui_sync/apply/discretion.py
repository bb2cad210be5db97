"""Keeps secrets out of what a server says of a change: some answers repeat what was sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from owui_sync.apply.outcome import Failure
from owui_sync.kinds.observed import ObservedResource
from owui_sync.plan.difference import is_hidden
from owui_sync.plan.types import Change
from owui_sync.values import reveal

_INSTEAD, _CUT = "(secret)", "…"
_SHORTEST = 3
"""Characters of a text that is looked for in the server's words; shorter ones stand in any sentence."""


def without_secrets(failure: Failure, change: Change, live: ObservedResource | None = None) -> Failure:
    """Return what went wrong without the secrets of a change, before and after, and of the object.

    Args:
        live: the object as it was, which many requests send back whole.
    """
    values = [value for field in change.fields if field.is_hidden for value in (field.before, field.after)]
    values += _hidden(live) if live else ()
    secrets = {text for value in values for text in _texts(reveal(value)) if len(text) >= _SHORTEST}
    detail, hint = failure.detail, failure.hint
    for secret in sorted(secrets, key=len, reverse=True):
        detail = _without(secret, detail)
        hint = _without(secret, hint) if hint else hint
    return replace(failure, detail=detail, hint=hint)


def _without(secret: str, text: str) -> str:
    """Return the text without a secret, nor the beginning of it where a long answer was cut."""
    text = text.replace(secret, _INSTEAD)
    for length in range(len(secret) - 1, _SHORTEST - 1, -1) if text.endswith(_CUT) else ():
        if text.endswith(cut := secret[:length] + _CUT):
            return text.removesuffix(cut) + _INSTEAD + _CUT
    return text


def _hidden(live: ObservedResource) -> Iterator[Any]:
    for path, value in live.values.items():
        if is_hidden(live.kind, live.key, path, live.values):
            yield value


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping | list | tuple):
        for item in value.values() if isinstance(value, Mapping) else value:
            yield from _texts(item)
