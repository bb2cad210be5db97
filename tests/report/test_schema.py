from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from owui_sync.apply.outcome import Failure, Status
from owui_sync.plan.file.document import PLAN, plan_document
from owui_sync.plan.file.schema import schema_of
from owui_sync.plan.types import Action
from owui_sync.report.document import outcome_document
from owui_sync.report.schema import FILE, plan_schema
from owui_sync.report.visible import dumps
from tests.support.samples import change, every_action, outcome

COMMITTED = Path(__file__).parents[2] / "schemas" / FILE


def validator() -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(plan_schema())


def test_it_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(plan_schema())


def test_the_committed_file_is_fresh() -> None:
    hint = "run python -m owui_sync.report.schema schemas/"
    assert json.loads(COMMITTED.read_text(encoding="utf-8")) == plan_schema(), hint


def test_the_module_writes_the_committed_file(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "owui_sync.report.schema", str(tmp_path)], check=True)
    assert (tmp_path / FILE).read_text(encoding="utf-8") == COMMITTED.read_text(encoding="utf-8")


def test_documents_are_valid() -> None:
    failure = Failure("boom", None, None, None)
    applied = outcome((change(Action.CREATE, "model/a"), Status.FAILED, failure))
    for document in (plan_document(every_action()), outcome_document(applied)):
        validator().validate(json.loads(dumps(document)))


def test_unknown_keys_are_not_valid() -> None:
    document = plan_document(every_action()) | {"surprise": 1}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(schema_of(PLAN)).validate(document)


def described(schema: Any, path: str = "$") -> Iterator[str]:
    for name, value in schema.get("properties", {}).items():
        if "description" not in value and "$ref" not in value:
            yield f"{path}.{name}"
        yield from described(value, f"{path}.{name}")


def test_every_property_says_what_it_means() -> None:
    assert [path for name, part in plan_schema()["$defs"].items() for path in described(part, name)] == []
