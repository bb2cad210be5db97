"""What is known of each sandbox, as one JSON file each in the cache, so that every process finds it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any, Literal

from owui_sync.sandbox.paths import sandbox_dir, write_private
from owui_sync.sandbox.ports import HOST
from owui_sync.sandbox.processes import Process
from owui_sync.sandbox.setup import Setup


@dataclass(frozen=True, slots=True)
class Sandbox:
    """A running Open WebUI with its scripted provider.

    Attributes:
        name: what `down` and `restart` call it.
        version: the release of Open WebUI.
        url: address of the server, such as `http://127.0.0.1:8080`.
        provider_url: address of the provider; its OpenAI API is below `/v1`, its controls at `/_script` and so on.
        admin_email, admin_password: login of the administrator.
        token: the administrator's API key; empty while it starts.
        data: the server's data folder.
        log: the server's log.
        pid, provider_pid: the two processes; 0 while they start.
    """

    name: str
    version: str
    url: str
    provider_url: str
    admin_email: str
    admin_password: str = field(repr=False)
    token: str = field(repr=False)
    data: Path
    log: Path
    pid: int
    provider_pid: int


Condition = Literal["starting", "running", "dead"]


@dataclass(frozen=True, slots=True)
class SandboxRecord:
    """All that is needed to use, to stop and to start a sandbox again; `Sandbox` is the part for users.

    Attributes:
        settings: environment of the server beyond ours.
        setup: how it is set up.
        database_port: where its PostgreSQL listens; 0 for SQLite.
        database_folder: what that one keeps; None for SQLite, whose file is in `data`.
        owner: the process that the sandbox must not outlive, or None.
        starter: the process that brings it up; alone in the record until the others run.
    """

    name: str
    version: str
    port: int
    provider_port: int
    data: Path
    admin_email: str
    admin_password: str = field(repr=False)
    secret_key: str = field(repr=False)
    settings: Mapping[str, str]
    owner: Process | None
    starter: Process
    setup: Setup = field(default_factory=Setup)
    database_port: int = 0
    database_folder: Path | None = None
    token: str = field(default="", repr=False)
    server: Process | None = None
    provider: Process | None = None
    database_server: Process | None = None
    guard: Process | None = None

    @property
    def url(self) -> str:
        """Address of the server."""
        return f"http://{HOST}:{self.port}"

    @property
    def provider_url(self) -> str:
        """Address of the provider, without `/v1`."""
        return f"http://{HOST}:{self.provider_port}"

    @property
    def log(self) -> Path:
        """The server's log."""
        return sandbox_dir(".log", f"{self.name}.log")

    @property
    def provider_log(self) -> Path:
        """The provider's log."""
        return sandbox_dir(".log", f"{self.name}.provider.log")

    @property
    def scratch(self) -> Path:
        """The folder that is gone when the sandbox stops; holds `data` unless the user named a folder."""
        return scratch_of(self.name)

    @property
    def ports(self) -> tuple[int, ...]:
        """Those that it listens on."""
        return tuple(port for port in (self.port, self.provider_port, self.database_port) if port)

    @property
    def processes(self) -> tuple[Process, ...]:
        """Those that were started, in the order in which to stop them."""
        started = (self.guard, self.server, self.provider, self.database_server)
        return tuple(process for process in started if process)

    @property
    def condition(self) -> Condition:
        """`dead` as soon as the server, its database or the provider is gone, whatever else still runs."""
        if not self.token:
            return "starting" if self.starter.alive else "dead"
        needed = (self.server, self.provider, *([self.database_server] if self.database_port else []))
        return "running" if all(process and process.alive for process in needed) else "dead"

    def sandbox(self) -> Sandbox:
        """Return what users get to see of it."""
        return Sandbox(
            name=self.name,
            version=self.version,
            url=self.url,
            provider_url=self.provider_url,
            admin_email=self.admin_email,
            admin_password=self.admin_password,
            token=self.token,
            data=self.data,
            log=self.log,
            pid=self.server.pid if self.server else 0,
            provider_pid=self.provider.pid if self.provider else 0,
        )

    def save(self) -> None:
        """Write the record for other processes to find."""
        write_private(_file(self.name), json.dumps(asdict(self), default=str, indent=1))

    def forget(self) -> None:
        """Remove what `save` wrote."""
        _file(self.name).unlink(missing_ok=True)


def scratch_of(name: str) -> Path:
    """Return the scratch folder of the sandbox with that name."""
    return sandbox_dir(".run", name)


def find(name: str) -> SandboxRecord | None:
    """Return the record of that sandbox, or None."""
    try:
        document = json.loads(_file(name).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return _record(document)


def records() -> list[SandboxRecord]:
    """Return all records, by name."""
    names = sorted(path.stem for path in sandbox_dir(".state").glob("*.json") if not path.name.startswith("."))
    return [record for name in names if (record := find(name))]


def _file(name: str) -> Path:
    return sandbox_dir(".state", f"{name}.json")


def _record(document: dict[str, Any]) -> SandboxRecord:
    processes = ("owner", "starter", "server", "provider", "database_server", "guard")
    known = {field.name for field in fields(SandboxRecord)}
    return SandboxRecord(
        **{
            # Another release of this tool may have written the record, and keep more in it.
            **{key: value for key, value in document.items() if key in known},
            "data": Path(document["data"]),
            "database_folder": Path(folder) if (folder := document.get("database_folder")) else None,
            "setup": Setup.read(document.get("setup")),
            **{role: Process(**document[role]) for role in processes if document.get(role)},
        }
    )
