"""What comes in at a stub, and what it answers."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit


@dataclass(frozen=True, slots=True)
class StubRequest:
    """A request to a stub.

    Args:
        method: of HTTP.
        target: path and query, as they came.
        raw: the body.
    """

    method: str
    target: str
    raw: bytes = b""

    @property
    def path(self) -> str:
        """The path."""
        return urlsplit(self.target).path

    @property
    def parts(self) -> list[str]:
        """The parts of the path."""
        return [unquote(part) for part in self.path.strip("/").split("/")]

    @property
    def query(self) -> dict[str, str]:
        """The query; of a name that comes twice the last."""
        return dict(parse_qsl(urlsplit(self.target).query))

    @property
    def body(self) -> Any:
        """The body: JSON if it is any, else as text."""
        text = self.raw.decode(errors="replace")
        try:
            return json.loads(text)
        except ValueError:
            return text


@dataclass(frozen=True, slots=True)
class StubAnswer:
    """What a stub answers, and what the log says of it.

    Args:
        content: a document for JSON, a text for HTML, None for nothing.
        status: of HTTP.
        noted: entries of the log beside time, method, path and status.
    """

    content: Any = None
    status: int = 200
    noted: dict[str, Any] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """The content type."""
        return "text/html; charset=utf-8" if isinstance(self.content, str) else "application/json"

    @property
    def data(self) -> bytes:
        """The body."""
        if self.content is None:
            return b""
        text = self.content if isinstance(self.content, str) else json.dumps(self.content, ensure_ascii=False)
        return text.encode()
