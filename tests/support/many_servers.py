"""A thousand servers in one process: each path `/NAME` answers as a real Open WebUI did when it was recorded.

What was recorded: the reads of a plan before and after an apply, and the answers to the writes of that apply. An object
is as before until its write arrives, and as after from then on; locks and inventories are kept for each server.

    python -m tests.support.many_servers RECORDING --latency 0.05

prints the port. `GET /_seen` gives the writes of each server.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import time
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from email.utils import formatdate
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

Row = dict[str, Any]

_FILE = re.compile(r"/api/v1/files/([^/]+)(/content)?")
_HEAD = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)


@dataclass(slots=True)
class Recording:
    """What a real server said.

    Args:
        before: request -> answer, as long as nothing was written.
        after: the same once all was written.
        writes: request -> answer of each write to an object.
        row: answer to the creation of a lock.
        taken: status and answer to the creation of a lock that is there already.
        absent: status and answer for a lock that is not there.
        users: all accounts.
        file: answer to an upload.
        inventory: row and content of the inventory before.
        after_inventory: its content after.
    """

    before: dict[str, Any]
    after: dict[str, Any]
    writes: dict[str, Any]
    row: Row
    taken: tuple[int, Any]
    absent: tuple[int, Any]
    users: Any
    file: Row
    inventory: tuple[Row, str]

    @classmethod
    def read(cls, path: Path) -> Recording:
        return cls(**json.loads(path.read_text(encoding="utf-8")))


@dataclass(slots=True)
class State:
    """One server: its locks, its inventories, and which objects were written."""

    locks: dict[str, Row] = field(default_factory=dict)
    files: dict[str, tuple[Row, bytes]] = field(default_factory=dict)
    written: list[str] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)
    requests: int = 0


class Server:
    """All servers. `silent` never answer; the others take `latency` seconds for each request."""

    def __init__(self, recording: Recording, latency: float, silent: Iterable[str] = (), locked: Iterable[str] = ()):
        self.recording, self.latency = recording, latency
        self.silent, self.locked = frozenset(silent), frozenset(locked)
        self.states: dict[str, State] = {}

    def state(self, name: str) -> State:
        """Return the state of a server; it begins as the recorded one was."""
        if name not in self.states:
            row, content = self.recording.inventory
            id = self.recording.row["id"]
            locks = {id: self._foreign(id)} if name in self.locked else {}
            self.states[name] = State(locks, {row["id"]: (row, content.encode())})
        return self.states[name]

    async def answer(self, method: str, target: str, body: bytes) -> tuple[int, Any]:
        """Return status and answer; bytes are sent as they are."""
        url = urlsplit(target)
        _, name, rest = url.path.split("/", 2) if url.path.count("/") > 1 else ("", url.path[1:], "")
        if name == "_seen":
            return 200, {each: [state.requests, *state.seen] for each, state in self.states.items()}
        if name == "_locked":
            return 200, {each: list(state.locks) for each, state in self.states.items() if state.locks}
        state = self.state(name)
        state.requests += 1
        if name in self.silent:
            await asyncio.sleep(3600)
        await asyncio.sleep(self.latency)
        path = f"/{rest}"
        key = f"{method} {path}" + (f"?{url.query}" if url.query else "")
        if method == "GET":
            return self._read(state, key, path, parse_qs(url.query))
        return self._write(state, method, path, body)

    def _read(self, state: State, key: str, path: str, query: dict[str, list[str]]) -> tuple[int, Any]:
        if path == "/api/v1/models/model":
            id = query["id"][0]
            return (200, state.locks[id]) if id in state.locks else self.recording.absent
        if path == "/api/v1/files/search":
            return 200, [row for row, _ in state.files.values()]
        if (found := _FILE.fullmatch(path)) and found[2]:
            return 200, state.files[found[1]][1]
        if path == "/api/v1/users/all":
            return 200, self.recording.users
        if key not in self.recording.before:
            return 404, {"detail": f"not recorded: {key}"}
        before = self.recording.before[key]
        return 200, _mixed(before, self.recording.after[key], state.written) if state.written else before

    def _write(self, state: State, method: str, path: str, body: bytes) -> tuple[int, Any]:
        if path == "/api/v1/models/create":
            row = json.loads(body)
            if row["id"] in state.locks:
                return self.recording.taken
            state.locks[row["id"]] = {**self.recording.row, **row}
            return 200, state.locks[row["id"]]
        if path == "/api/v1/models/model/delete":
            return (200, True) if state.locks.pop(json.loads(body)["id"], None) else self.recording.absent
        if path == "/api/v1/files/":
            return self._upload(state, body)
        if method == "DELETE" and (found := _FILE.fullmatch(path)):
            return (200, {"message": "File deleted successfully"}) if state.files.pop(found[1], None) else (404, None)
        if path == "/api/v1/models/model/update" and json.loads(body)["id"] in state.locks:
            row = json.loads(body)
            state.locks[row["id"]] |= row
            return 200, state.locks[row["id"]]
        answer = self.recording.writes.get(f"{method} {path}")
        if answer is None:
            return 404, {"detail": f"not recorded: {method} {path}"}
        state.seen.append(f"{method} {path}")
        state.written.append(answer["id"])
        return 200, answer

    def _upload(self, state: State, body: bytes) -> tuple[int, Any]:
        start = body.index(b"\r\n\r\n", body.index(b"filename=")) + 4
        content = body[start : body.index(b"\r\n--", start)]
        id = str(uuid.uuid4())
        row = {**self.recording.file, "id": id, "created_at": int(time.time())}
        state.files[id] = (row, content)
        return 200, row

    def _foreign(self, id: str) -> Row:
        holder = {"user": "somebody", "host": "elsewhere", "pid": 1, "space": "other", "started": None}
        row: Row = json.loads(json.dumps(self.recording.row))
        mark = {"nonce": "0123456789abcdef", "expires_at": time.time() + 25, "holder": holder}
        return {**row, "id": id, "meta": _marked(row["meta"], mark)}


def _marked(meta: Row, mark: Row) -> Row:
    """Return the metadata of a lock with another mark."""
    return {key: mark if isinstance(value, dict) and "nonce" in value else value for key, value in meta.items()}


def _mixed(before: Any, after: Any, written: list[str]) -> Any:
    """Return an answer in which the rows that were written are as they are after."""
    if isinstance(before, list):
        rows = {row["id"]: row for row in after if isinstance(row, dict) and "id" in row}
        return [
            rows.get(row["id"], row) if isinstance(row, dict) and row.get("id") in written else row for row in before
        ]
    if isinstance(before, dict) and isinstance(before.get("items"), list):
        return {**before, "items": _mixed(before["items"], after["items"], written)}
    return before


async def serve(server: Server) -> asyncio.Server:
    """Start to answer on a free port of this machine."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                method, target, _ = head.split(b"\r\n", 1)[0].decode().split(" ")
                length = _HEAD.search(head)
                body = await reader.readexactly(int(length[1])) if length else b""
                status, answer = await server.answer(method, target, body)
                content = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
                kind = "application/octet-stream" if isinstance(answer, bytes) else "application/json"
                lines = [
                    f"HTTP/1.1 {status} X",
                    f"date: {formatdate(usegmt=True)}",
                    f"content-type: {kind}",
                    f"content-length: {len(content)}",
                ]
                writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + content)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    return await asyncio.start_server(talk, "127.0.0.1", 0, backlog=4096)


async def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("recording", type=Path)
    parser.add_argument("--latency", type=float, default=0.0)
    parser.add_argument("--silent", default="")
    parser.add_argument("--locked", default="")
    words = parser.parse_args()
    recording = Recording.read(words.recording)
    server = Server(recording, words.latency, words.silent.split(","), words.locked.split(","))
    started = await serve(server)
    print(started.sockets[0].getsockname()[1], flush=True)
    await started.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
