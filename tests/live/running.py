"""The command line as users run it: its own process, real files, a real server."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from owui_sync.sandbox import Sandbox


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
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
        own = {"OWUI_URL": self.sandbox.url, "OWUI_TOKEN": self.sandbox.token}
        return {**kept, **own, **self.environment}

    def write(self, text: str, name: str = "manifest.yaml") -> Path:
        """Writes a manifest of this project's stack."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"version: 1\nstack: {self.stack}\n{textwrap.dedent(text)}", encoding="utf-8", newline="")
        return path

    def start(self, *words: str, **env: str) -> subprocess.Popen[str]:
        """Starts a command in the folder."""
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
        """Runs a command to its end."""
        process = self.start(*words, **env)
        out, err = process.communicate(timeout=240)
        assert "Traceback" not in err, err
        return Ran(process.returncode, out, err)

    def plan(self, *words: str) -> dict[str, Any]:
        """The plan of the whole folder as a document."""
        ran = self.run("plan", ".", "--format", "json", *words)
        assert ran.code == 0, ran.err
        return ran.document

    def apply(self, *words: str) -> dict[str, Any]:
        """Applies the whole folder; must succeed."""
        ran = self.run("apply", ".", "--yes", "--format", "json", *words)
        assert ran.code == 0, ran.err + ran.out
        return ran.document

    def api(self, method: str, path: str, json: Any = None, token: str | None = None) -> Any:
        """The server's own answer, past our client."""
        headers = {"Authorization": f"Bearer {token or self.sandbox.token}"}
        response = httpx.request(method, self.sandbox.url + path, json=json, headers=headers, timeout=60)
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
