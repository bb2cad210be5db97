"""Metrics for the textfile collector of Prometheus' node exporter, or for a push gateway."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from owui_sync import __version__
from owui_sync.apply.outcome import Status
from owui_sync.plan.drift import drifted
from owui_sync.plan.types import Action
from owui_sync.report.reporters.document import DocumentReporter
from owui_sync.report.run_report import RunReport

Sample = tuple[Mapping[str, str], float]


class PrometheusReporter(DocumentReporter):
    """What a run did, in the text format of Prometheus."""

    def render(self, report: RunReport) -> str:
        """Return the metrics; a run that failed before it had a plan only has its exit code, time and duration."""
        return "".join(_metrics(report))


def _metrics(report: RunReport) -> Iterable[str]:
    plan, result, target = report.plan, report.result, report.target
    run = {"command": report.command, "stack": plan.stack if plan else "", "target": target}
    yield from run_gauges(run, report.exit_code, report.ended_at, report.seconds)
    if plan is None:
        return
    about = {"stack": plan.stack, "target": target}
    info = {**about, "version": __version__, "server_version": plan.server.version}
    yield gauge("owui_sync_info", "Versions of the tool and of the server.", [(info, 1)])
    changes = [({**about, "action": action.value}, plan.count(action)) for action in Action]
    yield gauge("owui_sync_plan_changes", "Changes of the last plan.", changes)
    yield gauge("owui_sync_drifted_objects", "Objects that were changed on the server.", [(about, drifted(plan))])
    requests = result.outcome.requests if result else plan.requests
    yield gauge("owui_sync_requests_total", "HTTP requests of the last run.", [(about, requests)])
    if result:
        ends = [({**about, "status": status.value}, result.outcome.count(status)) for status in Status]
        yield gauge("owui_sync_apply_changes_total", "Changes of the last apply, by how they ended.", ends)
        jobs = [
            ({**about, "status": status.value}, sum(job.status is status for job in result.jobs)) for status in Status
        ]
        yield gauge("owui_sync_jobs_total", "Jobs of the last run, by how they ended.", jobs)


def run_gauges(run: Mapping[str, str], exit_code: int, ended_at: float, seconds: float) -> Iterator[str]:
    """Yield what there is to say of every run.

    Args:
        run: its labels: command, stack and target.
        ended_at: seconds since 1970.
        seconds: wall time.
    """
    yield gauge("owui_sync_run_exit_code", "Exit code of the last run.", [(run, exit_code)])
    yield gauge("owui_sync_run_timestamp_seconds", "When the last run ended.", [(run, ended_at)])
    yield gauge("owui_sync_run_duration_seconds", "How long the last run took.", [(run, round(seconds, 3))])


def gauge(name: str, words: str, samples: Iterable[Sample]) -> str:
    """Return a metric with its samples, in the text format of Prometheus."""
    lines = [f"# HELP {name} {words}", f"# TYPE {name} gauge"]
    return "\n".join([*lines, *(f"{name}{{{_labels(labels)}}} {value}" for labels, value in samples)]) + "\n"


def _labels(labels: Mapping[str, str]) -> str:
    return ",".join(f'{name}="{_escaped(value)}"' for name, value in labels.items())


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
