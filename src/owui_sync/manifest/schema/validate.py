"""Checks merged manifests, the configuration and variable files against their schemas."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from owui_sync.kinds import schedule
from owui_sync.manifest.problems import Diagnostics
from owui_sync.manifest.schema import build
from owui_sync.manifest.schema.violations import SchemaViolation, complaints
from owui_sync.manifest.yaml.nodes import INVALID, LocatedMap, Tagged, position
from owui_sync.values import SERVER_DEFAULT, Json, Secret, reveal

Flagged = set[tuple[str, ...]]
"""Paths of wrong values, at most three steps: section, key, field."""

_COMPARE = ("enum", "const", "uniqueItems")
"""Keywords that compare whole values; a `Secret` inside refuses to be compared."""

_READ = ("type", "pattern", "minLength", "maxLength", "format")
"""Keywords that read a text. All others get a `Secret` as it is, so that no error holds what it hides."""


def manifest(merged: LocatedMap, problems: Diagnostics) -> Flagged:
    """Check every section and return the paths of what is wrong, so that later steps leave that alone."""
    flagged: Flagged = set()
    for name, value in merged.items():
        if name == "version":
            continue
        for complaint in _complaints(name, value, (name,)):
            _add(complaint, merged, problems)
            if not complaint.harmless:
                flagged.add(tuple(map(str, complaint.path[:3])))
    return flagged


def config(raw: LocatedMap, problems: Diagnostics) -> None:
    """Check a configuration; tags in it may stand for anything."""
    for complaint in _complaints("$config", raw, ()):
        _add(complaint, raw, problems)


def target(resolved: LocatedMap, problems: Diagnostics) -> None:
    """Check settings of one target of the configuration after their tags were worked out."""
    for complaint in _complaints("$target", resolved, ()):
        _add(complaint, resolved, problems)


def variables(raw: LocatedMap, problems: Diagnostics) -> None:
    """Check a file of variables."""
    for complaint in _complaints("vars", raw, ()):
        _add(complaint, raw, problems)


def document(raw: LocatedMap, schema: Callable[[], Json], problems: Diagnostics) -> None:
    """Check a document of another station against the schema that a function makes; tags may stand for anything."""
    for error in _validator_of(schema).iter_errors(raw):
        for complaint in complaints(error, ()):
            _add(complaint, raw, problems)


def is_variable_name(name: str) -> bool:
    """Return whether a variable may be called so."""
    return re.match(build.VARIABLE_NAME, name) is not None


def _add(complaint: SchemaViolation, document: LocatedMap, problems: Diagnostics) -> None:
    at = position(document, complaint.path, of_key=complaint.at_key)
    problems.add(complaint.message, at, complaint.hint)


def _complaints(name: str, value: Any, prefix: tuple[str, ...]) -> Iterator[SchemaViolation]:
    for error in _validator(name).iter_errors(value):
        yield from complaints(error, prefix)


@cache
def _validator(name: str) -> Any:
    """Return the compiled validator of a top-level section, of `$config` or of `$target`."""
    schemas = {"$config": build.configuration, "$target": build.target_schema}
    return _compiled(schemas[name]() if name in schemas else build.sections()[name])


@cache
def _validator_of(schema: Callable[[], Json]) -> Any:
    return _compiled(schema())


def _compiled(schema: Json) -> Any:
    return _validator_class()(_without_false(schema), format_checker=_formats())


def _formats() -> Any:
    """Return what `format` means in our schemas: schedules, and nothing else."""
    from jsonschema import FormatChecker

    formats = FormatChecker(())
    formats.checks(schedule.FORMAT, ValueError)(lambda value: not isinstance(value, str) or bool(schedule.rule(value)))
    return formats


def _without_false(value: Any) -> Any:
    """Return a schema with `False` spelled as `{"not": {}}`: for `False` jsonschema does not tell the place."""
    if isinstance(value, dict):
        subs = value.get("properties", {})
        spelled = {name: {"not": {}} if sub is False else sub for name, sub in subs.items()}
        rest = {**value, "properties": spelled} if subs else value
        return {key: _without_false(item) for key, item in rest.items()}
    return [_without_false(item) for item in value] if isinstance(value, list) else value


@cache
def _validator_class() -> Any:
    from jsonschema import Draft202012Validator
    from jsonschema.validators import extend

    checks = Draft202012Validator.VALIDATORS
    return extend(  # type: ignore[no-untyped-call]
        Draft202012Validator, {keyword: _lenient(keyword, check) for keyword, check in checks.items()}
    )


def _lenient(keyword: str, check: Callable[..., Any]) -> Callable[..., Any]:
    """Return a keyword that says nothing about values that are not known, and sees the text of a secret if it must."""
    compares, reads = keyword in _COMPARE, keyword in _READ

    def lenient(validator: Any, value: Any, instance: Any, schema: Json) -> Any:
        if instance is INVALID or instance is SERVER_DEFAULT or isinstance(instance, Tagged):
            return ()
        if compares or (reads and isinstance(instance, Secret)):
            instance = reveal(instance)
        return check(validator, value, instance, schema)

    return lenient
