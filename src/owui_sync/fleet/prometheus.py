"""The report of a fleet as metrics, for the textfile collector of Prometheus's node exporter."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from owui_sync.fleet.unit import DONE, Status
from owui_sync.report.reporters.prometheus import gauge
from owui_sync.values import Json


def report_prometheus(document: Json) -> str:
    """Return the metrics; labels hold names of instances and statuses, and no texts of others."""
    return "".join(_metrics(document))


def _metrics(document: Json) -> Iterator[str]:
    counts, about = document["totals"], {"command": document["command"]}
    fared = [({**about, "status": status.value}, counts[status.value]) for status in Status]
    yield gauge("owui_sync_fleet_instances", "Instances by how they fared.", fared)
    done = [({**about, "instance": name}, int(each["status"] in DONE)) for name, each in document["instances"].items()]
    yield gauge("owui_sync_fleet_instance_ok", "Whether an instance was planned or changed.", done)
    yield gauge("owui_sync_fleet_requests", "HTTP requests of the run.", [(about, counts["requests"])])
    made_at = round(datetime.fromisoformat(document["created_at"]).timestamp())
    yield gauge("owui_sync_fleet_timestamp_seconds", "When the report was made.", [(about, made_at)])
