"""Results for machines: the documents of `plan.file` and `report.document`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from owui_sync.report.out import say
from owui_sync.report.reporters.base import BaseReporter
from owui_sync.report.visible import dumps

if TYPE_CHECKING:
    from owui_sync.plan.types import Plan
    from owui_sync.run.result import RunResult


class JsonReporter(BaseReporter):
    """One JSON document on stdout."""

    def show_plan(self, plan: Plan) -> None:
        """Print the document that `plan --out` saves."""
        from owui_sync.plan.file.document import plan_document

        say(dumps(plan_document(plan)))

    def show_result(self, result: RunResult) -> None:
        """Print the plan with the status of each change, and of each job."""
        from owui_sync.report.document import outcome_document

        say(dumps(outcome_document(result.outcome, result.jobs)))
