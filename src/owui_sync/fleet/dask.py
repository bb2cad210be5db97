"""Units of work on an existing Dask cluster, which starts those again whose worker died."""

from __future__ import annotations

import asyncio
import uuid
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from owui_sync import __version__
from owui_sync.errors import OwuiSyncError, UsageError
from owui_sync.fleet.bundle import Bundle, Moved, pack, unpacked
from owui_sync.fleet.executors import lost, run_in_worker
from owui_sync.fleet.run_instance import failed_by
from owui_sync.fleet.secrets import check_way, with_secrets
from owui_sync.fleet.unit import InstanceReport, InstanceSpec

_PATIENCE = "20s"
"""How long a scheduler may take to answer."""
_TLS = "DASK_DISTRIBUTED__COMM__TLS__"
_CERTIFICATES = f"set {_TLS}CA_FILE, {_TLS}CLIENT__CERT and {_TLS}CLIENT__KEY, or put them into Dask's configuration"


def run_on_dask(spec: InstanceSpec, bundle: Bundle, topic: str, number: int) -> InstanceReport:
    """Do one unit of work in a worker of Dask, and tell before it begins that it does.

    Args:
        spec: the unit of work.
        bundle: the manifests and files of the fleet.
        topic: where the scheduler collects what is told.
        number: tells this submission from others of the same instance.
    """
    from distributed import get_worker

    worker = get_worker()
    worker.log_event(topic, {"number": number})
    # The next worker on the machine removes the folders of those that were killed.
    moved = Moved(bundle, unpacked(bundle, Path(worker.local_directory)))
    return moved.report(run_in_worker(moved.spec(spec)))


def version_here() -> str:
    """Return the version of owui-sync in this process."""
    return __version__


def _is_cancelled() -> bool:
    """Return whether it is this task that somebody cancelled; else the cluster dropped the work."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


@dataclass(slots=True)
class Dask:
    """Each unit of work is a task of a cluster.

    Args:
        address: of the scheduler, such as `tls://scheduler.example.com:8786`.
        specs: all that will be done, so that what they are made of travels once.
        sends_secrets: secrets travel with the tasks; else the workers have them in their environment or files.
    """

    address: str
    specs: Mapping[str, InstanceSpec]
    sends_secrets: bool = False
    _client: Any = None
    _executor: Any = None
    _bundle: Any = None
    _topic: str = field(default_factory=lambda: f"owui-sync-{uuid.uuid4()}")
    _runs: Counter[int] = field(default_factory=Counter)
    _submitted: int = 0

    async def run(self, spec: InstanceSpec) -> InstanceReport:
        """Do one unit of work; Dask starts it again where its worker dies."""
        from distributed.scheduler import KilledWorker

        try:
            spec = with_secrets(spec) if self.sends_secrets else spec
        except OwuiSyncError as error:
            return failed_by(spec, error)
        self._submitted += 1
        number = self._submitted
        future = self._executor.submit(run_on_dask, spec, self._bundle, self._topic, number)
        try:
            report: InstanceReport = await asyncio.wrap_future(future)
        except KilledWorker:
            return lost(spec, max(1, self._runs[number]))
        except asyncio.CancelledError:
            if _is_cancelled():
                raise
            return lost(spec, max(1, self._runs[number]))
        return replace(report, runs=max(1, self._runs[number]))

    async def __aenter__(self) -> Dask:
        if self.sends_secrets:
            check_way(self.address)
        bundle = pack(self.specs.values())
        await asyncio.to_thread(self._connect, bundle)
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._client is not None:
            await asyncio.to_thread(self._client.close)

    def _connect(self, bundle: Bundle) -> None:
        try:
            from distributed import Client
        except ImportError:
            hint = "install owui-sync with its extra `dask`, here and on the workers"
            raise UsageError("--executor dask takes the package `distributed`", hint=hint) from None
        try:
            self._client = Client(self.address, timeout=_PATIENCE, set_as_default=False)
        except (OSError, ValueError, TimeoutError) as error:
            message = f"there is no Dask scheduler at {self.address}: {error}"
            raise UsageError(message, hint="such as --executor dask:tls://scheduler.example.com:8786") from None
        except TypeError as error:  # What Dask raises for tls:// without certificates.
            raise UsageError(f"Dask cannot connect to {self.address}: {error}", hint=_CERTIFICATES) from None
        self._check_workers()
        self._client.subscribe_topic(self._topic, self._told)
        self._bundle = self._client.scatter(bundle, broadcast=True, hash=False)
        self._executor = self._client.get_executor(pure=False)

    def _check_workers(self) -> None:
        try:
            versions = self._client.run(version_here)
        except Exception as error:  # Whatever a worker raises comes back here.
            hint = f"install owui-sync {__version__} on the workers"
            raise UsageError(f"the workers of Dask cannot run owui-sync: {error}", hint=hint) from None
        if not versions:
            raise UsageError(f"the scheduler at {self.address} has no workers")
        for worker, version in versions.items():
            if version != __version__:
                message = f"the worker {worker} has owui-sync {version}, and this is {__version__}"
                raise UsageError(message, hint="install the same version on both")

    def _told(self, event: Any) -> None:
        self._runs[event[1]["number"]] += 1
