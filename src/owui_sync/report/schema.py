"""JSON Schema of the plan and apply documents; `python -m owui_sync.report.schema schemas/` writes the file."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from owui_sync.plan.file.document import PLAN
from owui_sync.plan.file.schema import DRAFT, definitions
from owui_sync.report.document import APPLY, RECORDS
from owui_sync.report.failure import FAILURE
from owui_sync.values import Json

FILE = "plan.schema.json"


def plan_schema() -> Json:
    """Return the JSON Schema of what `plan --format json`, `plan --out` and `apply --format json` give."""
    return {
        "$schema": DRAFT,
        "title": "Documents of owui-sync",
        "description": "What plan, apply and destroy write with `--format json` or `--report json=`, and `plan --out`.",
        "anyOf": [{"$ref": f"#/$defs/{record.name}"} for record in (PLAN, APPLY, FAILURE)],
        "$defs": definitions((*RECORDS, FAILURE)),
    }


def main() -> None:
    """Write the schema into the folder that the command line names."""
    schema = json.dumps(plan_schema(), indent=2, ensure_ascii=False) + "\n"
    (Path(sys.argv[1]) / FILE).write_text(schema, encoding="utf-8")


if __name__ == "__main__":
    main()
