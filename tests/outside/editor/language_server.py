"""A client of yaml-language-server: what an editor that has the settings of `owui-sync init` shows for a file."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

TOP = Path(__file__).parents[3]
NODE = TOP / ".node/node_modules"


@dataclass(slots=True)
class LanguageServer:
    """A running server that has been told of a project."""

    project: Path
    process: subprocess.Popen[bytes]
    settings: dict[str, Any]
    number: int = 0
    shown: dict[str, list[Any]] = field(default_factory=dict)

    def problems(self, name: str) -> list[str]:
        """Open a file of the project and return what is marked in it: `line: message`, the line from 1 on."""
        uri = (self.project / name).as_uri()
        text = (self.project / name).read_text()
        document = {"uri": uri, "languageId": "yaml", "version": 1, "text": text}
        self._notify("textDocument/didOpen", {"textDocument": document})
        self.shown.pop(uri, None)
        while uri not in self.shown:
            self._take(self._read())
        return [f"{one['range']['start']['line'] + 1}: {one['message'].splitlines()[0]}" for one in self.shown[uri]]

    def hover(self, name: str, line: int, column: int) -> str:
        """Return what is shown at a place of a file that is open; both count from 1."""
        result = self._request("textDocument/hover", self._place(name, line, column))
        return str(result["contents"]["value"]) if result else ""

    def complete(self, name: str, line: int, column: int) -> list[str]:
        """Return the labels that are offered at a place of a file that is open."""
        result = self._request("textDocument/completion", self._place(name, line, column))
        return [item["label"] for item in (result["items"] if isinstance(result, dict) else result or [])]

    def start(self) -> None:
        """Shake hands."""
        root = self.project.as_uri()
        capabilities = {
            "workspace": {"configuration": True},
            "textDocument": {
                "publishDiagnostics": {},
                "hover": {"contentFormat": ["markdown"]},
                "completion": {"completionItem": {"snippetSupport": True}},
            },
        }
        folders = [{"uri": root, "name": self.project.name}]
        self._request(
            "initialize",
            {"processId": os.getpid(), "rootUri": root, "capabilities": capabilities, "workspaceFolders": folders},
        )
        self._notify("initialized", {})
        self._notify("workspace/didChangeConfiguration", {"settings": {"yaml": self.settings}})

    def _place(self, name: str, line: int, column: int) -> Any:
        uri = (self.project / name).as_uri()
        return {"textDocument": {"uri": uri}, "position": {"line": line - 1, "character": column - 1}}

    def _request(self, method: str, params: Any) -> Any:
        self.number += 1
        wanted = self.number
        self._send({"id": wanted, "method": method, "params": params})
        while True:
            message = self._read()
            if message.get("id") == wanted and "method" not in message:
                assert "error" not in message, message
                return message["result"]
            self._take(message)

    def _notify(self, method: str, params: Any) -> None:
        self._send({"method": method, "params": params})

    def _take(self, message: Any) -> None:
        """Keep what is shown for a file, and answer what the server asks its client."""
        if message.get("method") == "textDocument/publishDiagnostics":
            self.shown[message["params"]["uri"]] = message["params"]["diagnostics"]
        elif message.get("method") == "workspace/configuration":
            sections = [item.get("section") for item in message["params"]["items"]]
            self._send({"id": message["id"], "result": [self.settings if one == "yaml" else {} for one in sections]})
        elif "id" in message and "method" in message:
            self._send({"id": message["id"], "result": None})

    def _send(self, message: Any) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self.process.stdin is not None
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self.process.stdin.flush()

    def _read(self) -> Any:
        assert self.process.stdout is not None
        length = 0
        while (line := self.process.stdout.readline().strip()) or not length:
            assert line or self.process.poll() is None, "the language server has ended"
            if line.lower().startswith(b"content-length:"):
                length = int(line.partition(b":")[2])
        return json.loads(self.process.stdout.read(length))


@contextmanager
def language_server(version: str, project: Path) -> Iterator[LanguageServer]:
    """Run a version such as `2.0`, with the settings that the project has for an editor."""
    stored = json.loads((project / ".vscode/settings.json").read_text())
    schemas = {(project / path).as_uri(): globs for path, globs in stored["yaml.schemas"].items()}
    settings = {
        "schemas": schemas,
        "customTags": stored["yaml.customTags"],
        "validate": True,
        "hover": True,
        "completion": True,
        "schemaStore": {"enable": False},
    }
    program = NODE / f"yaml-language-server-{version}/bin/yaml-language-server"
    command = [str(NODE / "node/bin/node"), str(program), "--stdio"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        try:
            server = LanguageServer(project, process, settings)
            server.start()
            yield server
        finally:
            process.kill()
