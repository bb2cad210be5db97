"""When an automation runs: recurrence rules (RRULE of RFC 5545), and the five fields of cron turned into one."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import datetime

FORMAT = "schedule"
"""The `format` of a schedule in a JSON Schema; who checks manifests knows it, and others pass it over."""

_RANGES = {"minute": (0, 59), "hour": (0, 23), "day": (1, 31), "month": (1, 12), "weekday": (0, 7)}
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_DAYS = ("SU", "MO", "TU", "WE", "TH", "FR", "SA")
_LONG_DAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
_STEP = re.compile(r"(?P<range>\*|\w+(?:-\w+)?)(?:/(?P<step>[1-9]\d*))?")
_FREQUENCIES = ("YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY", "MINUTELY")
_MANY = 10**9
_FROM_END = ", or negative, from the end"
_PARTS: dict[str, tuple[int, int] | None] = {
    **dict.fromkeys(("INTERVAL", "COUNT"), (1, _MANY)),
    **dict.fromkeys(("BYSECOND", "BYMINUTE"), (0, 59)),
    **dict.fromkeys(("BYYEARDAY", "BYSETPOS", "BYEASTER"), (-366, 366)),
    "BYHOUR": (0, 23),
    "BYMONTH": (1, 12),
    "BYMONTHDAY": (-31, 31),
    "BYWEEKNO": (-53, 53),
    **dict.fromkeys(("FREQ", "UNTIL", "WKST", "BYDAY")),
}
"""Part of a rule -> the least and the greatest number; None for what is no number."""
_OTHER_LINES = ("DTSTART", "RDATE", "EXDATE")
"""What may stand in lines beside the rule."""
_START = datetime(2000, 1, 1)
"""Where rules without a start of their own begin, so that a rule is right or wrong at any time of day."""


def rule(text: str) -> str:
    """Return the recurrence rule that a text means.

    It is an RRULE as it stands (in upper case, without its prefix), or made from cron's fields.

    Raises:
        ValueError: it is neither, or a cron line that no single rule can say.
    """
    if "=" in text:
        return _rrule(text)
    fields = text.split()
    if len(fields) != 5:
        raise ValueError("it is neither an RRULE such as `FREQ=DAILY;BYHOUR=3` nor the five fields of cron")
    minute, hour, day, month, weekday = (
        _values(field, *named) for field, named in zip(fields, _RANGES.items(), strict=True)
    )
    if day is not None and weekday is not None:
        raise ValueError("cron means the day of the month or that of the week, and no RRULE can say `or`")
    frequency = "MINUTELY" if minute is None else "HOURLY" if hour is None else "DAILY"
    parts = [("FREQ", frequency), ("BYMONTH", _listed(month)), ("BYMONTHDAY", _listed(day))]
    days = None if weekday is None else ",".join(_DAYS[number] for number in sorted({number % 7 for number in weekday}))
    parts += [("BYDAY", days), ("BYHOUR", _listed(hour)), ("BYMINUTE", _listed(minute))]
    return _rrule(";".join(f"{key}={value}" for key, value in parts if value))


def _rrule(text: str) -> str:
    """Check a rule by dateutil's syntax, which the server uses, and for numbers outside of clock and calendar."""
    from dateutil.rrule import rrulestr

    lines = [line if "TZID=" in line.upper() else line.upper() for line in text.strip().rstrip(";").split()]
    rules = [line.removeprefix("RRULE:") for line in lines if not line.upper().startswith(_OTHER_LINES)]
    if len(rules) != 1:
        raise ValueError(f"it must be one RRULE, perhaps with lines of {', '.join(_OTHER_LINES)}")
    parts = _parts(rules[0])
    if parts.get("FREQ") not in _FREQUENCIES:
        raise ValueError(f"an RRULE needs FREQ, one of {', '.join(_FREQUENCIES)}")
    if "COUNT" in parts and not any(line.startswith("DTSTART") for line in lines):
        raise ValueError("COUNT needs a line with DTSTART before the rule, or the server counts from now for ever")
    if not _ever(parts):
        raise ValueError(f"no month {parts['BYMONTH']} has a day {parts['BYMONTHDAY']}")
    found = rules[0] if len(lines) == 1 else "\n".join(lines)
    try:
        rrulestr(found, ignoretz=True, dtstart=_START)
    except (ValueError, OverflowError) as error:
        raise ValueError(str(error)) from None
    return found


def _parts(text: str) -> dict[str, str]:
    """Return the parts of a rule by name.

    Raise ValueError for a part that no rule has, that is empty, or that has a wrong number.
    """
    parts: dict[str, str] = {}
    for part in text.split(";"):
        name, _, value = part.partition("=")
        if name not in _PARTS:
            raise ValueError(f"an RRULE has no `{name or part}`")
        if name in parts:
            raise ValueError(f"it has `{name}` twice")
        if "" in value.split(","):
            raise ValueError(f"`{name}={value}` lacks a value")
        if limits := _PARTS[name]:
            for item in value.split(","):
                _check_number(name, item, *limits)
        parts[name] = value
    return parts


def _check_number(name: str, item: str, low: int, high: int) -> None:
    """Raise ValueError for what is no number within the limits; one that counts from the end is never 0."""
    number = int(item) if re.fullmatch(r"[+-]?\d{1,9}", item, re.ASCII) else None
    if number is None or not low <= number <= high or (number == 0 and low < 0 and name != "BYEASTER"):
        words = f"from {max(low, 1) if low else 0} to {high}" if high < _MANY else "of 1 or more"
        raise ValueError(f"`{item}` is nothing for {name}: it is a number {words}{_FROM_END if low < 0 else ''}")


def _ever(parts: dict[str, str]) -> bool:
    """Return whether one of the months has one of the days."""
    months, days = (
        [int(item) for item in parts.get(name, "").split(",") if item] for name in ("BYMONTH", "BYMONTHDAY")
    )
    return not (months and days) or any(abs(day) <= monthrange(2000, month)[1] for month in months for day in days)


def _listed(values: list[int] | None) -> str | None:
    return None if values is None else ",".join(map(str, values))


def _values(field: str, name: str, limits: tuple[int, int]) -> list[int] | None:
    """Return the values of a field of cron; None for all."""
    found: set[int] = set()
    for part in field.split(","):
        match = _STEP.fullmatch(part)
        if not match:
            raise ValueError(f"`{part}` is nothing that cron has for a {name}, or nothing that an RRULE can say")
        first, last = _range(match["range"], name, limits, stepped=match["step"] is not None)
        found.update(range(first, last + 1, int(match["step"] or 1)))
    low, high = limits
    return None if found >= set(range(low, min(high, 6) + 1 if name == "weekday" else high + 1)) else sorted(found)


def _range(text: str, name: str, limits: tuple[int, int], *, stepped: bool) -> tuple[int, int]:
    low, high = limits
    if text == "*":
        return low, 6 if name == "weekday" else high
    first, _, last = text.partition("-")
    begin = _number(first, name, limits)
    end = _number(last, name, limits) if last else high if stepped else begin
    if begin > end:
        raise ValueError(f"`{text}` runs backwards")
    return begin, end


def _number(text: str, name: str, limits: tuple[int, int]) -> int:
    names = {"month": _MONTHS, "weekday": _LONG_DAYS}.get(name, ())
    if text.upper() in names:
        return names.index(text.upper()) + (name == "month")
    if not text.isdecimal() or not limits[0] <= int(text) <= limits[1]:
        raise ValueError(f"`{text}` is no {name}: it is a number from {limits[0]} to {limits[1]}")
    return int(text)


def normal(text: object) -> object:
    """Return the form in which two schedules are compared: the rule with its parts in order.

    A text that is no rule stays as it is.
    """
    try:
        found = rule(str(text))
    except ValueError:
        return text
    return found if "\n" in found else ";".join(sorted(found.split(";"), key=lambda part: (part[:5] != "FREQ=", part)))
