"""Variables in the text of a prompt: `{{name}}`, `{{ name }}`, `{{name | select:options=["a","b"]}}`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

_VARIABLE = re.compile(r"\{\{\s*([^|{}\s]+)\s*(?:\|.*?)?\}\}", re.DOTALL)


def names_in(content: str) -> list[str]:
    """Return the names of the variables, in the order in which they first appear."""
    return list(dict.fromkeys(match[1] for match in _VARIABLE.finditer(content)))


def put_into(content: str, values: Mapping[str, Any]) -> str:
    """Return the text with the values, literally, in place of the variables; those without a value stay."""
    return _VARIABLE.sub(lambda match: str(values.get(match[1], match[0])), content)


def of_now() -> dict[str, str]:
    """Return the variables of the server that a program knows too: date and time on this machine."""
    now = datetime.now().astimezone()
    return {
        "CURRENT_DATE": f"{now:%Y-%m-%d}",
        "CURRENT_DATETIME": f"{now:%Y-%m-%d %H:%M:%S}",
        "CURRENT_TIME": f"{now:%H:%M:%S}",
        "CURRENT_TIMEZONE": now.tzname() or "",
        "CURRENT_WEEKDAY": f"{now:%A}",
    }
