"""Starts the processes of a sandbox one after the other and waits until they answer."""

from __future__ import annotations

import os
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from owui_sync.sandbox import account, postgres
from owui_sync.sandbox.environment import server_environment
from owui_sync.sandbox.errors import PortInUse, StartFailed
from owui_sync.sandbox.identity import Identity
from owui_sync.sandbox.paths import private_folder
from owui_sync.sandbox.ports import HOST, accepts, holder, is_taken_from, listens
from owui_sync.sandbox.processes import Process, spawn
from owui_sync.sandbox.state import SandboxRecord

if TYPE_CHECKING:
    import httpx

_TAIL = 12


def boot(record: SandboxRecord, home: Path, deadline: float) -> SandboxRecord:
    """Start what the record describes, and return it with its processes and its API key.

    The record is saved after each step, so that whoever cleans up after a crash knows of every process.

    Args:
        record: a saved record without processes.
        home: the virtual environment that `install` made.
        deadline: seconds that the server may take.

    Raises:
        StartFailed: a process died or did not answer in time.
        PortInUse: another process took the port in the meantime.
        SignInFailed: the data folder has another administrator.
    """
    _make_folders(record)
    _forget_other_version(record)
    if record.owner and not (record.guard and record.guard.alive):
        record = _saved(replace(record, guard=_spawn_own(record, "guard", record.name)))
    if record.database_folder:
        database = postgres.start(record.database_folder, record.database_port, record.provider_log)
        record = _saved(replace(record, database_server=database))
        _await_port("PostgreSQL", database, record.database_port, record.provider_log)
    provider = _spawn_own(record, "provider", *_provider_words(record))
    record = _saved(replace(record, provider=provider))
    server = _spawn_server(record, home)
    record = _saved(replace(record, server=server))
    _await(_Part("the provider", provider, record.provider_port, record.provider_log, ("/v1/models",)), 20.0)
    name = f"Open WebUI {record.version}"
    _await(_Part(name, server, record.port, record.log, ("/health", "/api/version")), deadline)
    return _saved(replace(record, token=_introduce(record)))


def _introduce(record: SandboxRecord) -> str:
    identity = Identity.of(record.data)
    known = identity.token if account.is_accepted(record, identity.token) else ""
    # Signing in takes the server longer than anything else here.
    token = known or account.api_key(record, account.admin_session(record))
    if identity.provider_url not in {"", record.provider_url}:
        account.move_provider(record, token, identity.provider_url)
    account.close_news(record, token)
    identity = Identity(record.admin_email, record.admin_password, record.secret_key, record.provider_url, token)
    replace(identity, version=record.version).save(record.data)
    return token


def _forget_other_version(record: SandboxRecord) -> None:
    """Note before another release touches the database that from now on nobody knows how far it is migrated."""
    identity = Identity.of(record.data)
    if identity.version not in {"", record.version}:
        replace(identity, version="").save(record.data)


def _provider_words(record: SandboxRecord) -> list[str]:
    forward = ["--forward", record.setup.forward] if record.setup.forward else []
    models = [word for model in record.setup.models for word in ("--model", model)]
    return ["--port", str(record.provider_port), *forward, *models]


def _make_folders(record: SandboxRecord) -> None:
    for folder in (record.data, record.scratch / "tmp", record.scratch / "static", record.log.parent):
        try:
            private_folder(folder)
        except OSError as error:
            raise StartFailed(f"the folder cannot be made: {error.strerror}", where=str(folder)) from error


def _spawn_own(record: SandboxRecord, module: str, *arguments: str) -> Process:
    command = [sys.executable, "-m", f"owui_sync.sandbox.{module}", *arguments]
    return spawn(command, env=os.environ, cwd=record.scratch, log=record.provider_log)


def _spawn_server(record: SandboxRecord, home: Path) -> Process:
    command = [str(home / "bin" / "open-webui"), "serve", "--host", HOST, "--port", str(record.port)]
    return spawn(command, env=server_environment(record), cwd=record.scratch, log=record.log)


def _saved(record: SandboxRecord) -> SandboxRecord:
    record.save()
    return record


@dataclass(frozen=True, slots=True)
class _Part:
    """A process of the sandbox, and the addresses that answer with JSON once it can be used."""

    what: str
    process: Process
    port: int
    log: Path
    paths: tuple[str, ...]


def _await(part: _Part, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    with account.client(f"http://{HOST}:{part.port}", timeout=2.0) as http:
        while not (_is_open(part) and all(_answers(http, path) for path in part.paths)):
            if not part.process.alive:
                raise _died(part)
            if time.monotonic() > deadline:
                reason = f"{part.what} did not answer within {seconds:.0f} s"
                raise StartFailed(f"{reason}{_last_lines(part.log)}", where=str(part.log))
            time.sleep(0.05)


def _is_open(part: _Part) -> bool:
    """Return whether the process listens. It is asked often while the server needs the processor for itself."""
    if not accepts(part.port):
        return False
    if is_taken_from(part.process.pid, part.port):
        # Somebody else's server answers there. Ours is about to find its port taken, and may take minutes to end.
        raise _port_in_use(part)
    return listens(part.process.pid, part.port)


def _await_port(what: str, process: Process, port: int, log: Path, seconds: float = 30.0) -> None:
    deadline = time.monotonic() + seconds
    while not listens(process.pid, port):
        if not process.alive or time.monotonic() > deadline:
            raise StartFailed(f"{what} did not start{_last_lines(log)}", where=str(log))
        time.sleep(0.05)


def _answers(http: httpx.Client, path: str) -> bool:
    """Return whether the answer is JSON: before the routes are there, a page of HTML may answer with 200."""
    from httpx import TransportError

    try:
        answer = http.get(path)
    except TransportError:
        return False
    return answer.status_code == 200 and answer.headers.get("content-type", "").startswith("application/json")


def _died(part: _Part) -> StartFailed | PortInUse:
    tail = _last_lines(part.log)
    if "address already in use" in tail.lower():
        return _port_in_use(part)
    return StartFailed(f"{part.what} stopped while it started{tail}", where=str(part.log))


def _port_in_use(part: _Part) -> PortInUse:
    by = holder(part.port) or "another process"
    return PortInUse(f"port {part.port} was taken by {by} while {part.what} started", where=str(part.log))


def _last_lines(log: Path) -> str:
    lines = log.read_text(errors="replace").splitlines()[-_TAIL:] if log.exists() else []
    return ":\n" + "\n".join(f"    {line}" for line in lines) if lines else ""


def remove_logs(record: SandboxRecord) -> None:
    """Remove the logs of a sandbox: of an earlier one with its name, or of one that ended well."""
    for log in (record.log, record.provider_log):
        log.unlink(missing_ok=True)
