"""How a sandbox is set up, beyond its version, its place and its data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Database = Literal["sqlite", "postgresql"]


@dataclass(frozen=True, slots=True)
class Setup:
    """How a sandbox is set up.

    Args:
        models: what the provider offers beside its own models.
        forward: address of a real OpenAI-compatible API that answers in place of the scripted provider, whose key is in
            `OWUI_PROVIDER_KEY`; empty for none. The server itself still reaches nothing but loopback.
        live_endpoints: the server may reach beyond loopback.
        database: `sqlite`, or `postgresql` for a database server of the sandbox's own.
        workers: processes that serve requests.
    """

    models: tuple[str, ...] = ()
    forward: str = ""
    live_endpoints: bool = False
    database: Database = "sqlite"
    workers: int = 1

    @classmethod
    def read(cls, document: Mapping[str, Any] | None) -> Setup:
        """Return what `asdict` wrote; the usual set-up for None."""
        return cls(**{**document, "models": tuple(document["models"])}) if document else cls()
