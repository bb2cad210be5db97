"""Results for machines: the documents of `plan.file`, `report.document` and `report.failure`."""

from __future__ import annotations

from owui_sync.report.reporters.document import DocumentReporter
from owui_sync.report.run_report import RunReport
from owui_sync.report.visible import dumps


class JsonReporter(DocumentReporter):
    """One JSON document."""

    def render(self, report: RunReport) -> str:
        """Return the plan with the status of each change; the plan; or why there is none."""
        if report.result:
            from owui_sync.report.document import outcome_document

            return dumps(outcome_document(report.result.outcome, report.result.jobs))
        if report.plan and (report.error is None or report.plan.refusals):
            from owui_sync.plan.file.document import plan_document

            return dumps(plan_document(report.plan))
        from owui_sync.report.failure import failure_document

        return dumps(failure_document(report))
