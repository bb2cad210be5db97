"""JSON Schemas of plans, applies and reports; `python -m owui_sync.report.schema schemas/` writes the files."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from owui_sync.plan.file.document import PLAN
from owui_sync.plan.file.schema import DRAFT, definitions
from owui_sync.report import rehearsal_document
from owui_sync.report.checks import CHECK
from owui_sync.report.document import APPLY, RECORDS
from owui_sync.report.failure import FAILURE
from owui_sync.report.gate import TEST
from owui_sync.values import Json

FILE = "plan.schema.json"
REPORT_FILE = "report.schema.json"


def plan_schema() -> Json:
    """Return the JSON Schema of what `plan --format json`, `plan --out` and `apply --format json` give."""
    return {
        "$schema": DRAFT,
        "title": "Documents of owui-sync",
        "description": "What plan, apply and destroy write with `--format json` or `--report json=`, and `plan --out`.",
        "anyOf": [{"$ref": f"#/$defs/{record.name}"} for record in (PLAN, APPLY, FAILURE)],
        "$defs": definitions((*RECORDS, FAILURE)),
    }


def report_schema() -> Json:
    """Return the JSON Schema of what `test --format json` and `rehearse --format json` give."""
    records = (*RECORDS, CHECK, TEST, *rehearsal_document.RECORDS)
    return {
        "$schema": DRAFT,
        "title": "Reports of owui-sync",
        "description": "What `owui-sync test --format json` and `owui-sync rehearse --format json` write.",
        "anyOf": [{"$ref": f"#/$defs/{record.name}"} for record in (TEST, rehearsal_document.REHEARSAL)],
        "$defs": definitions(records),
    }


def main() -> None:
    """Write the schemas into the folder that the command line names."""
    for name, schema in ((FILE, plan_schema()), (REPORT_FILE, report_schema())):
        text = json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
        (Path(sys.argv[1]) / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
