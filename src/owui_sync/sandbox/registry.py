"""Who holds which name, which ports and which data folder, so that sandboxes do not get in each other's way."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from owui_sync.sandbox.boot import remove_logs
from owui_sync.sandbox.errors import AlreadyRunning, PortInUse, SandboxError
from owui_sync.sandbox.paths import locked
from owui_sync.sandbox.ports import first_free, holder, is_free
from owui_sync.sandbox.processes import stop
from owui_sync.sandbox.state import SandboxRecord, records

_TO_PROVIDER = 1000
_TO_DATABASE = 7352
"""So far above the first port of servers begins the search for the others: 9080 and 15432 as a rule."""


def reserve(draft: SandboxRecord, first_port: int) -> SandboxRecord:
    """Save the record with ports of its own, which keeps others from its name, its ports and its data folder.

    Args:
        draft: `port` 0 takes the first free one from `first_port` on; `provider_port` is taken if it is free.
        first_port: see there.

    Raises:
        AlreadyRunning: the name or the data folder is taken.
        PortInUse: the port is.
    """
    with locked("reserve"):
        others = living()
        refuse_second(draft.name, draft.data, others)
        reserved = {port: other.name for other in others for port in other.ports}
        port = _server_port(draft.port, first_port, reserved)
        provider_port = _provider_port(draft.provider_port, first_port + _TO_PROVIDER, {port, *reserved})
        record = replace(draft, port=port, provider_port=provider_port)
        if draft.database_folder:
            taken = {port, provider_port, *reserved}
            record = replace(record, database_port=first_free(first_port + _TO_DATABASE, taken))
        record.save()
    remove_logs(record)
    return record


def living() -> list[SandboxRecord]:
    """Return the records of sandboxes that run or start; what is left of dead ones is cleared away."""
    found = []
    for record in records():
        if record.condition == "dead":
            clear(record)
        else:
            found.append(record)
    return found


def clear(record: SandboxRecord) -> None:
    """Stop what runs of a sandbox, and remove what it keeps, but for its logs and a data folder of the user's."""
    stop(record.processes)
    for folder in (record.scratch, record.database_folder):
        if folder:
            shutil.rmtree(folder, ignore_errors=True)
    record.forget()


def check_name(name: str) -> None:
    """Refuse a name that cannot be part of a file's name and of a command.

    Raises:
        SandboxError: it cannot.
    """
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*", name):
        raise SandboxError(f"{name!r} cannot name a sandbox", hint="Letters, digits, - and _ can.")


def refuse_second(name: str, data: Path | None, others: Iterable[SandboxRecord]) -> None:
    """Refuse a name, and a data folder if one is given, that one of the others has.

    Raises:
        AlreadyRunning: one has it.
    """
    for other in others:
        if other.name == name:
            raise AlreadyRunning(
                f"the sandbox {name!r} is {other.condition} on {other.url} (Open WebUI {other.version})",
                hint=f"`owui-sync sandbox down --name {name}` stops it; another --name starts one beside it.",
            )
        if other.data == data:
            raise AlreadyRunning(f"the sandbox {other.name!r} is using the data folder", where=str(data))


def _server_port(port: int, first_port: int, reserved: dict[int, str]) -> int:
    if not port:
        return first_free(first_port, reserved)
    if port in reserved or not is_free(port):
        by = f"the sandbox {reserved[port]!r}" if port in reserved else holder(port) or "another process"
        raise PortInUse(f"port {port} is in use by {by}", hint="Without --port, the first free port is taken.")
    return port


def _provider_port(before: int, first: int, reserved: set[int]) -> int:
    # The stored configuration of a data folder that ran before names a port; better that one than rewriting it.
    if before and before not in reserved and is_free(before):
        return before
    return first_free(first, reserved)
