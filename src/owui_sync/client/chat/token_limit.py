"""Tells answers that end because a limit of tokens was reached.

Providers say so (`finish_reason: length`), and the server stores it nowhere: such an answer looks like a whole one. So
it is told by what the provider counted, beside what the request or the model's own parameters allow.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from owui_sync.client.api import models
from owui_sync.client.chat import history
from owui_sync.client.chat.cache import cache_for
from owui_sync.client.errors import ApiError
from owui_sync.client.reader import Reader
from owui_sync.client.shapes import Row

REASON = "length"
_REASONS = (REASON, "max_tokens", "max_output_tokens")
"""How providers and the gateways before them call it."""

_KEYS = ("max_tokens", "max_completion_tokens", "max_output_tokens", "num_predict")

_COUNTS = ("completion_tokens", "eval_count", "predicted_n")
"""Counts of one call, as providers name them; the server's own `output_tokens` adds up all calls of a turn."""

_SHORT = 32
"""An answer of fewer tokens may be a name or a number, which ends with no mark; only the request's own limit counts."""

_USUAL = 1024
"""Limits that providers set by themselves are multiples of it: 4096, 8192."""


def words(what: str = "the answer") -> str:
    """Return for people that something ends because a limit of tokens was reached."""
    return f"{what} ends where a limit of tokens was reached, so that its end is missing"


def is_limit(finish_reason: Any) -> bool:
    """Return whether a provider's reason for the end of an answer is a limit of tokens."""
    return str(finish_reason).lower() in _REASONS


async def reached(reader: Reader, model: str, params: Mapping[str, Any], message: Mapping[str, Any]) -> bool:
    """Return whether a stored answer ends because a limit of tokens was reached, as far as that can be known.

    Where the request sets no limit, only a longer answer that stops in the middle of a sentence is looked at. It was
    cut off if it took as many tokens as the model's own parameters allow, or a number at which providers set limits.

    Args:
        reader: the client.
        model: the model that answered.
        params: of the request.
        message: the answer.

    Requests: one for the first such answer of a model that has settings of its own.
    """
    if is_limit(message.get("finish_reason")):
        return True
    spent = _spent(message)
    if not spent:
        return False
    if limit := _limit_in(params):
        return spent >= limit
    if spent < _SHORT or not _stops_inside(history.text_of(message)):
        return False
    limit = await _limit_of(reader, model)
    return spent >= limit if limit else spent % _USUAL == 0


def _spent(message: Mapping[str, Any]) -> int:
    """Return the tokens of the last call of the model, 0 where nobody counted them."""
    usage = message.get("usage") or {}
    calls_tools = any(item.get("type") == "function_call" for item in message.get("output") or ())
    keys = _COUNTS if calls_tools else (*_COUNTS, "output_tokens")
    return next((count for key in keys if isinstance(count := usage.get(key), int) and count > 0), 0)


def _limit_in(params: Mapping[str, Any]) -> int:
    """Return the limit that parameters set, 0 where they set none."""
    custom = params.get("custom_params")
    given = {**params, **(custom if isinstance(custom, Mapping) else {})}
    values = (str(given[key]) for key in _KEYS if given.get(key) is not None)
    return min((int(value) for value in values if value.isdigit() and int(value)), default=0)


def _stops_inside(text: str) -> bool:
    """Return whether a text ends with a word or a comma, and no mark that ends a sentence, a list or a block."""
    end = text.rstrip()[-1:]
    return not end or end.isalnum() or end in {",", "،", "、", "，"}


async def _limit_of(reader: Reader, model: str) -> int:
    """Return the limit of a model's own parameters, 0 where it has none or the user may not see them."""
    cache = cache_for(reader)
    if model not in cache.with_settings:
        return 0
    if model not in cache.limits:
        try:
            row: Row = dict(await models.get(reader, model))
        except ApiError:
            row = {}
        cache.limits[model] = _limit_in(row.get("params") or {})
    return cache.limits[model]
