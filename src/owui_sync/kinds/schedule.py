"""When an automation runs: recurrence rules (RRULE of RFC 5545), and the five fields of cron turned into one."""

from __future__ import annotations

import re

_RANGES = {"minute": (0, 59), "hour": (0, 23), "day": (1, 31), "month": (1, 12), "weekday": (0, 7)}
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_DAYS = ("SU", "MO", "TU", "WE", "TH", "FR", "SA")
_LONG_DAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
_STEP = re.compile(r"(?P<range>\*|\w+(?:-\w+)?)(?:/(?P<step>[1-9]\d*))?")
_FREQUENCIES = ("YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY", "MINUTELY")
_KEYS = {
    *("FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY", "BYSETPOS", "BYMONTH", "BYMONTHDAY", "BYYEARDAY"),
    *("BYWEEKNO", "BYHOUR", "BYMINUTE", "BYSECOND", "DTSTART"),
}


def rule(text: str) -> str:
    """The recurrence rule that a text means: an RRULE as it is (in upper case, without its prefix), or cron's fields.

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
    return ";".join(f"{key}={value}" for key, value in parts if value)


def _rrule(text: str) -> str:
    found = text.strip().upper().removeprefix("RRULE:").rstrip(";")
    keys = [part.partition("=")[0] for part in re.split(r"[;\n]", found)]
    if unknown := [key for key in keys if key.partition(":")[0] not in _KEYS]:
        raise ValueError(f"an RRULE has no `{unknown[0]}`")
    frequency = re.search(r"\bFREQ=(\w+)", found)
    if not frequency or frequency[1] not in _FREQUENCIES:
        raise ValueError(f"an RRULE needs FREQ, one of {', '.join(_FREQUENCIES)}")
    return found


def _listed(values: list[int] | None) -> str | None:
    return None if values is None else ",".join(map(str, values))


def _values(field: str, name: str, limits: tuple[int, int]) -> list[int] | None:
    """The values of a field of cron; None for all."""
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
    """The form in which two schedules are compared: the rule with its parts in order; what is no rule as it is."""
    try:
        found = rule(str(text))
    except ValueError:
        return text
    return found if "\n" in found else ";".join(sorted(found.split(";"), key=lambda part: (part[:5] != "FREQ=", part)))
