"""A project on a real server, and the command line as a user of it would type it."""

from __future__ import annotations

import io
import json
import logging
import os
import subprocess
import sys
import textwrap
import threading
from collections.abc import Iterator, Mapping
from contextlib import chdir, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

import httpx

from owui_sync import cli
from owui_sync.sandbox import Sandbox

_KEPT = ("PATH", "HOME", "LANG", "TMPDIR", "COVERAGE_PROCESS_CONFIG", "XDG_CACHE_HOME", "OWUI_SYNC_CACHE")
"""What commands get of our environment; the sandboxes that they look for are those of the caches."""

_CONSENT = ("--max-delete", "100%", "--claim-stack")
"""Tests of what a plan may not do unasked use `Project.run`."""


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command left."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> dict[str, Any]:
        """The JSON on stdout."""
        document: dict[str, Any] = json.loads(self.out)
        return document


def run_here(folder: Path, env: Mapping[str, str], *words: str) -> Ran:
    """Run `owui-sync` with these words in the process of the tests, which saves the start of one.

    What a process of its own would have, it has: working directory, environment, streams that are no terminal and an
    empty stdin. Only the main thread may call it. Tests of signals, terminals, kills and start-up use
    `Project.start` instead.
    """
    assert threading.current_thread() is threading.main_thread(), "the working directory belongs to all threads"
    out, err = _Stream(), _Stream()
    with (
        chdir(folder),
        mock.patch.dict(os.environ, env, clear=True),
        _empty_stdin(),
        logging_as_before(),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        code = cli.run(words)
    return Ran(code, out.text, err.text)


class _Stream(io.TextIOWrapper):
    """A stream as `owui_sync.cli.main` sets it up."""

    def __init__(self) -> None:
        super().__init__(io.BytesIO(), encoding="utf-8", errors="backslashreplace", newline="\n", write_through=True)

    @property
    def text(self) -> str:
        """What was written, read as a pipe in text mode is."""
        content: bytes = self.buffer.getvalue()  # type: ignore[attr-defined]
        return content.decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")


@contextmanager
def _empty_stdin() -> Iterator[None]:
    with open(os.devnull, encoding="utf-8") as nothing, mock.patch.object(sys, "stdin", nothing):  # noqa: PTH123
        yield


@contextmanager
def logging_as_before() -> Iterator[None]:
    """Undo how the block sets up logging."""
    logger = logging.getLogger("owui_sync")
    handlers, level = logger.handlers, logger.level
    yield
    logger.handlers = handlers
    logger.setLevel(level)


@dataclass(frozen=True, slots=True)
class Project:
    """A folder with manifests and the server that they are for."""

    folder: Path
    sandbox: Sandbox
    stack: str
    environment: Mapping[str, str] = field(default_factory=dict)

    @property
    def env(self) -> dict[str, str]:
        """The environment of a command: nothing of ours but what is stated."""
        kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
        own = {"OWUI_URL": self.sandbox.url, "OWUI_TOKEN": self.sandbox.token}
        return {**kept, **own, **self.environment}

    def write(self, text: str, name: str = "manifest.yaml") -> Path:
        """Write a manifest of this project's stack."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"version: 1\nstack: {self.stack}\n{textwrap.dedent(text)}", encoding="utf-8", newline="")
        return path

    def start(self, *words: str, **env: str) -> subprocess.Popen[str]:
        """Start a command in a process of its own, in the folder."""
        return subprocess.Popen(
            [sys.executable, "-m", "owui_sync", *words],
            cwd=self.folder,
            env={**self.env, **env},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *words: str, **env: str) -> Ran:
        """Run a command to its end, in this process."""
        ran = run_here(self.folder, {**self.env, **env}, *words)
        assert "Traceback" not in ran.err, ran.err
        return ran

    def plan(self, *words: str) -> dict[str, Any]:
        """Plan the whole folder, whatever it deletes; return the document."""
        ran = self.run("plan", ".", "--format", "json", *_CONSENT, *words)
        assert ran.code == 0, ran.err
        return ran.document

    def apply(self, *words: str) -> dict[str, Any]:
        """Apply the whole folder, whatever it deletes; it must succeed; return the document."""
        ran = self.run("apply", ".", "--yes", "--format", "json", *_CONSENT, *words)
        assert ran.code == 0, ran.err + ran.out
        return ran.document

    def api(self, method: str, path: str, json: Any = None, token: str | None = None) -> Any:
        """Ask the server itself, past our client; return its answer."""
        headers = {"Authorization": f"Bearer {token or self.sandbox.token}"}
        # Without TLS no certificates are needed, and loading them would take longest.
        response = httpx.request(
            method, self.sandbox.url + path, json=json, headers=headers, timeout=60, verify=False, trust_env=False
        )
        assert response.status_code == 200, f"{method} {path}: {response.status_code} {response.text}"
        return response.json()

    def prompts(self) -> dict[str, Any]:
        """Command -> active prompt, as the server has it."""
        return {row["command"]: row for row in self.api("GET", "/api/v1/prompts/")}

    def models(self) -> dict[str, Any]:
        """Id -> model row, as the server has it."""
        return {row["id"]: row for row in self.api("GET", "/api/v1/models/all")}

    def groups(self) -> dict[str, Any]:
        """Name -> group, as the server has it."""
        return {row["name"]: row for row in self.api("GET", "/api/v1/groups/")}


def changes(document: Mapping[str, Any]) -> dict[str, str]:
    """Address -> action."""
    return {f"{change['kind']}/{change['key']}": change["action"] for change in document["changes"]}


def causes(document: Mapping[str, Any]) -> dict[str, str]:
    """Address and path of each changed field -> cause."""
    return {
        f"{change['kind']}/{change['key']} {field['path']}": field["cause"]
        for change in document["changes"]
        for field in change["fields"]
    }
