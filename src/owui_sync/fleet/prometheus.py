"""The report of a fleet as metrics, for the textfile collector of Prometheus's node exporter."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from owui_sync.fleet.unit import Status
from owui_sync.values import Json


def report_prometheus(document: Json) -> str:
    """Return the metrics; labels hold names of instances and statuses, and no texts of others."""
    return "\n".join(_lines(document)) + "\n"


def _lines(document: Json) -> Iterator[str]:
    counts, command = document["totals"], document["command"]
    yield "# HELP owui_sync_fleet_instances Instances by how they fared."
    yield "# TYPE owui_sync_fleet_instances gauge"
    for status in Status:
        yield f'owui_sync_fleet_instances{{command="{command}",status="{status.value}"}} {counts[status.value]}'
    yield "# HELP owui_sync_fleet_instance_ok Whether an instance was planned or changed."
    yield "# TYPE owui_sync_fleet_instance_ok gauge"
    for name, each in document["instances"].items():
        done = int(each["status"] in (Status.UNCHANGED, Status.CHANGED))
        yield f'owui_sync_fleet_instance_ok{{command="{command}",instance="{name}"}} {done}'
    yield "# HELP owui_sync_fleet_requests HTTP requests of the run."
    yield "# TYPE owui_sync_fleet_requests gauge"
    yield f'owui_sync_fleet_requests{{command="{command}"}} {counts["requests"]}'
    yield "# HELP owui_sync_fleet_timestamp_seconds When the report was made."
    yield "# TYPE owui_sync_fleet_timestamp_seconds gauge"
    seconds = datetime.fromisoformat(document["created_at"]).timestamp()
    yield f'owui_sync_fleet_timestamp_seconds{{command="{command}"}} {seconds:.0f}'
