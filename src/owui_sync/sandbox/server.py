"""A real Open WebUI of any version on loopback, with a scripted provider, for as long as it is needed."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from owui_sync.sandbox import account, postgres
from owui_sync.sandbox.boot import boot, remove_logs
from owui_sync.sandbox.errors import NotRunning, PortInUse
from owui_sync.sandbox.identity import Identity
from owui_sync.sandbox.install import DEFAULT_VERSION, install
from owui_sync.sandbox.processes import Process, stop
from owui_sync.sandbox.registry import check_name, clear, refuse_second, reserve
from owui_sync.sandbox.setup import Setup
from owui_sync.sandbox.snapshots import Snapshot, find_snapshot, restore
from owui_sync.sandbox.state import Condition, Sandbox, SandboxRecord, find, records, scratch_of

Progress = Callable[[str], None]

FIRST_PORT = 8080
BOOT_SECONDS = 120.0
_TRIES = 3


@dataclass(frozen=True, slots=True)
class Status:
    """A sandbox that was started, and whether it still runs."""

    sandbox: Sandbox
    condition: Condition


def up(
    version: str | None = None,
    *,
    name: str = "default",
    port: int | None = None,
    first_port: int = FIRST_PORT,
    data: Path | None = None,
    admin_email: str | None = None,
    admin_password: str | None = None,
    settings: Mapping[str, str] | None = None,
    setup: Setup | None = None,
    snapshot: str | None = None,
    owner: int | None = None,
    deadline: float = BOOT_SECONDS,
    progress: Progress = lambda _: None,
) -> Sandbox:
    """Start a sandbox and return when it can be used; installs the version first if need be.

    Whatever goes wrong, or when it is interrupted, nothing is left running and nothing but logs is left on disk.

    Args:
        version: release of Open WebUI, see `SUPPORTED`; None: that of the snapshot, or `DEFAULT_VERSION` without one.
        name: several sandboxes can run side by side under different names.
        port: where the server listens on loopback; without it the first free port from `first_port` on.
        data: data folder to use and to keep; without it a new one, which `down` removes.
        admin_email, admin_password: login of the administrator; only for a data folder that another Open WebUI used.
        settings: further environment variables of the server.
        setup: models of the provider, database and the like; None: that of the snapshot, or the usual one without.
        snapshot: name of the snapshot whose data the sandbox begins with.
        owner: pid of a process that the sandbox must not outlive.
        deadline: seconds that the server may take to come up.
        progress: told what is going on, one line at a time.

    Raises:
        SandboxError: see `owui_sync.sandbox.errors`.
    """
    check_name(name)
    refuse_second(name, None, [record for record in records() if record.condition != "dead"])
    origin = find_snapshot(snapshot) if snapshot else None
    version = version or (origin.version if origin else DEFAULT_VERSION)
    setup = setup or (origin.setup if origin else Setup())
    if setup.database == "postgresql":
        postgres.check(version)
    home = install(version, progress)
    folder = data.expanduser().absolute() if data else scratch_of(name) / "data"
    known = Identity.of(origin.data if origin else folder)
    draft = replace(
        _draft(name, version, folder, known.of_login(admin_email, admin_password), setup),
        port=port or 0,
        settings=dict(settings or {}),
        owner=Process.of(owner) if owner else None,
    )
    for _ in range(_TRIES - 1):
        record = reserve(draft, first_port)
        # A process that does not know of our reservations may be faster; a port that was asked for is refused then.
        with suppress(PortInUse):
            return _begin(record, origin, home, deadline, progress)
    return _begin(reserve(draft, first_port), origin, home, deadline, progress)


def _draft(name: str, version: str, folder: Path, identity: Identity, setup: Setup) -> SandboxRecord:
    return SandboxRecord(
        name=name,
        version=version,
        port=0,
        provider_port=urlsplit(identity.provider_url).port or 0,
        data=folder,
        admin_email=identity.admin_email,
        admin_password=identity.admin_password,
        secret_key=identity.secret_key,
        settings={},
        owner=None,
        starter=Process.of(os.getpid()),
        setup=setup,
        database_folder=postgres.new_folder(scratch_of(name)) if setup.database == "postgresql" else None,
    )


def _begin(record: SandboxRecord, origin: Snapshot | None, home: Path, deadline: float, progress: Progress) -> Sandbox:
    with _cleared_on_failure(record):
        if origin:
            restore(origin, record)
        return _boot(record, home, deadline, progress)


def restart(
    name: str = "default",
    *,
    version: str | None = None,
    deadline: float = BOOT_SECONDS,
    progress: Progress = lambda _: None,
) -> Sandbox:
    """Stop a sandbox and start it again with the same data, address and API key, perhaps as another version.

    Raises:
        SandboxError: as `up` does; then the sandbox is gone, and so is its data unless `data` was given to `up`.
    """
    record = _record(name)
    version = version or record.version
    home = install(version, progress)
    record = replace(record, version=version, starter=Process.of(os.getpid()), token="")
    # Saved before its processes end: a record that looks dead is cleared away by whoever starts a sandbox meanwhile.
    record.save()
    # The guard stays: we may be killed at any moment.
    stop(process for process in record.processes if process != record.guard)
    record = replace(record, server=None, provider=None, database_server=None)
    record.save()
    with _cleared_on_failure(record):
        return _boot(record, home, deadline, progress)


def offer_models(name: str, models: Iterable[str]) -> None:
    """Let the provider of a sandbox that runs offer these models too, and the server know of them.

    Raises:
        NotRunning: no sandbox has that name.
    """
    record = _record(name)
    known = record.setup.models
    setup = replace(record.setup, models=tuple(dict.fromkeys([*known, *models])))
    if setup.models == known:
        return
    replace(record, setup=setup).save()
    with account.client(record.provider_url) as http:
        http.post("/_models", json={"models": list(setup.models)}).raise_for_status()
    with account.client(record.url, record.token) as http:
        http.get("/api/models", params={"refresh": "true"}).raise_for_status()


def down(name: str = "default") -> None:
    """Stop a sandbox and remove its data folder, unless that was given to `up`.

    Raises:
        NotRunning: no sandbox has that name.
    """
    record = _record(name)
    clear(record)
    remove_logs(record)


def down_all() -> list[str]:
    """Stop all sandboxes and return their names."""
    return _down_where(lambda _: True)


def down_owned(pid: int) -> list[str]:
    """Stop the sandboxes whose owner is the process with that pid; returns their names."""
    return _down_where(lambda record: record.owner is not None and record.owner.pid == pid)


def status() -> list[Status]:
    """Return all sandboxes by name. Only looks: what is left of dead ones is cleared away by `up` and `down`."""
    return [Status(record.sandbox(), record.condition) for record in records()]


def _boot(record: SandboxRecord, home: Path, deadline: float, progress: Progress) -> Sandbox:
    progress(f"starting Open WebUI {record.version} on {record.url}")
    return boot(record, home, deadline).sandbox()


@contextmanager
def _cleared_on_failure(record: SandboxRecord) -> Iterator[None]:
    try:
        yield
    except BaseException:
        # What was started is in the saved record, not in ours. By now the name may be another one's, if somebody
        # took this sandbox down while it started.
        latest = find(record.name)
        if latest and latest.starter == record.starter:
            clear(latest)
        raise


def _down_where(wanted: Callable[[SandboxRecord], bool]) -> list[str]:
    chosen = [record for record in records() if wanted(record)]
    for record in chosen:
        clear(record)
        remove_logs(record)
    return [record.name for record in chosen]


def _record(name: str) -> SandboxRecord:
    if record := find(name):
        return record
    others = ", ".join(record.name for record in records())
    raise NotRunning(
        f"no sandbox is named {name!r}",
        hint=f"These are up: {others}" if others else "None is up; `owui-sync sandbox up` starts one.",
    )
