"""Where instances are listed besides `instances`: files, tables, and programs that print them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from owui_sync.fleet.instance import NAME, NAME_RULE
from owui_sync.fleet.program import printed_by
from owui_sync.fleet.schema import listing_schema
from owui_sync.manifest.files.reading import project_root, read_manifest, read_text, shown
from owui_sync.manifest.problems import Diagnostics
from owui_sync.manifest.schema import validate
from owui_sync.manifest.yaml.nodes import LocatedMap, Origin, located
from owui_sync.manifest.yaml.value_problem import ValueProblem
from owui_sync.values import Position, load_json

Rows = Iterator[tuple[str, LocatedMap]]
"""Name and settings of each instance."""

KINDS = ("file", "csv", "command")

_PATIENCE = 60.0
"""Seconds that a program gets unless the entry says otherwise."""
_SETTINGS = (
    *("url", "token_env", "token_file", "ca_bundle", "config", "target", "stack"),
    *("parallelism", "timeout", "rate"),
)
"""Columns of a table that are settings; `labels.X` is a label, and any other column is a variable."""
_NUMBERS = ("parallelism", "timeout", "rate")


def rows_of(entry: LocatedMap, folder: Path, problems: Diagnostics) -> Rows:
    """Yield the instances of one entry of `from`.

    Args:
        entry: as it is written, already checked.
        folder: that of the fleet's file.
        problems: gets what is wrong.
    """
    kinds = [kind for kind in KINDS if kind in entry]
    if len(kinds) != 1:
        problems.add(f"an entry of `from` has one of {', '.join(KINDS)}", entry.at)
        return
    source, at = entry[kinds[0]], entry.values_at[kinds[0]]
    try:
        if kinds == ["file"]:
            yield from _files(source, folder, problems)
        elif kinds == ["csv"]:
            yield from _table(folder / source, problems)
        else:
            yield from _program(source, entry.get("timeout", _PATIENCE), folder, problems)
    except ValueProblem as wrong:
        problems.add(wrong.message, at, wrong.hint)


def _files(pattern: str, folder: Path, problems: Diagnostics) -> Rows:
    found = sorted(folder.glob(pattern)) if not Path(pattern).is_absolute() else [Path(pattern)]
    if not found:
        raise ValueProblem(f"no file fits `{pattern}`", f"it is looked for in `{shown(folder)}`")
    for path in found:
        raw = read_manifest(Origin(path, shown(path), project_root(path, folder)), problems)
        if raw is None:
            continue
        validate.document(raw, listing_schema, problems)
        instances = raw.get("instances")
        if isinstance(instances, LocatedMap):
            yield from ((name, row) for name, row in instances.items() if isinstance(row, LocatedMap))
            continue
        name = raw.get("name", path.stem)
        for key in ("name", "version"):
            if key in raw:
                raw.drop(key)
        if _is_name(name, raw.at, problems):
            yield name, raw


def _table(path: Path, problems: Diagnostics) -> Rows:
    reader = csv.DictReader(io.StringIO(read_text(path).removeprefix("\ufeff"), newline=""), strict=True)
    try:
        if "name" not in (reader.fieldnames or ()):
            raise ValueProblem(f"the table `{shown(path)}` has no column `name`", "its first line names the columns")
        for row in reader:
            at = Position(shown(path), reader.line_num, 1)
            if None in row or None in row.values():
                problems.add("this line has not as many cells as the first one", at)
            elif _is_name(row["name"], at, problems):
                yield row["name"], _cells(row, at, problems)
    except csv.Error as error:
        raise ValueProblem(f"`{shown(path)}` is not a table of comma-separated values: {error}") from None


def _cells(row: dict[str, str], at: Position, problems: Diagnostics) -> LocatedMap:
    """Return the settings of a line; an empty cell says nothing."""
    settings: dict[str, Any] = {"labels": {}, "vars": {}}
    for column, cell in row.items():
        if not cell or column == "name":
            continue
        if column.startswith("labels."):
            settings["labels"][column.removeprefix("labels.")] = cell
        elif column in _SETTINGS:
            settings[column] = _number(cell) if column in _NUMBERS else cell
        elif validate.is_variable_name(column):
            settings["vars"][column] = cell
        else:
            problems.add(f"the column `{column}` is neither a setting nor the name of a variable", at)
    return _checked(settings, at, problems)


def _number(cell: str) -> float | str:
    """Return the number of a cell, or the cell where it has none; the schema says so."""
    try:
        return int(cell) if cell.isdecimal() else float(cell)
    except ValueError:
        return cell


def _program(words: list[str], seconds: float, folder: Path, problems: Diagnostics) -> Rows:
    program = words[0]
    for number, line in enumerate(printed_by(words, folder, seconds).splitlines(), 1):
        at = Position(program, number, 1)
        if not line.strip():
            continue
        try:
            row = load_json(line)
        except ValueError as error:
            problems.add(f"this line is not JSON: {error}", at, "print one JSON object a line")
            continue
        if not isinstance(row, dict):
            problems.add("this line is not a JSON object", at)
            continue
        name = row.pop("name", None)
        if _is_name(name, at, problems):
            yield name, _checked(row, at, problems)


def _is_name(name: object, at: Position, problems: Diagnostics) -> bool:
    if isinstance(name, str) and re.search(NAME, name):
        return True
    problems.add(f"{name!r} is not the name of an instance: {NAME_RULE}", at)
    return False


def _checked(settings: dict[str, Any], at: Position, problems: Diagnostics) -> LocatedMap:
    """Return plain settings as if they were written at one place, checked."""
    row: LocatedMap = located(settings, at)
    validate.document(row, listing_schema, problems)
    return row
