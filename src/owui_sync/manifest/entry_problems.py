"""What `validate` would say of one entry or job that does not come from a manifest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from owui_sync.kinds.base import Kind
from owui_sync.manifest import jobs
from owui_sync.manifest.problems import Diagnostics
from owui_sync.manifest.schema import validate
from owui_sync.manifest.schema.jobs import SECTION
from owui_sync.manifest.yaml.nodes import LocatedMap, located
from owui_sync.values import Position

_NOWHERE = Position("", 1, 1)


def entry_problems(kind: Kind, key: str, fields: Mapping[str, Any]) -> list[str]:
    """Return what `validate` would say of an entry with these fields.

    Args:
        fields: field -> value, as a manifest has it; `INVALID` for one of which nothing is known.
    """
    return _wrong(_document(kind.section, kind.in_section(key, fields)))


def job_problems(name: str, type: str, written: Mapping[str, Any]) -> list[str]:
    """Return what `validate` would say of a job, beyond what it names.

    Args:
        written: all that a manifest writes of it, with its work under the name of its type.
    """
    document = _document(SECTION, {name: written})
    if problems := _wrong(document):
        return problems
    found, raw = Diagnostics(), document[SECTION][name]
    jobs.check_alone(name, raw, _NOWHERE, found)
    return [problem.message for problem in found.in_order()]


def _document(section: str, content: Any) -> LocatedMap:
    document = LocatedMap(_NOWHERE)
    document.put(section, located(content, _NOWHERE), _NOWHERE, _NOWHERE)
    return document


def _wrong(document: LocatedMap) -> list[str]:
    problems = Diagnostics()
    validate.manifest(document, problems)
    return [problem.message for problem in problems.in_order()]
