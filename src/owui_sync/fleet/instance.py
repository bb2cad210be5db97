"""One instance of a fleet, and the fleet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from owui_sync.fleet.wave import Wave
from owui_sync.manifest.config import Target
from owui_sync.manifest.receivers import Receiver
from owui_sync.values import Position

NAME = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}(?!\n)$"
"""What the name of an instance is like: it becomes the name of files."""
NAME_RULE = (
    "the name of an instance begins with a letter or digit and has letters, digits, `.`, `_` and `-`, 100 at the most"
)
FILE_NAME = "fleet.yaml"


@dataclass(frozen=True, slots=True)
class Instance:
    """One server of a fleet.

    Args:
        name: unique in the fleet.
        url: its address.
        target: its layers, variables, stack and connection; token and secrets are still tags, not values.
        labels: what `--label` and waves select by.
        source: where it is written.
        parallelism: requests at the same time; None: what the command line says.
        timeout: seconds for one request; None: what the command line says.
        rate: requests per second; None: what the command line says.
    """

    name: str
    url: str
    target: Target
    labels: Mapping[str, str]
    source: Position
    parallelism: int | None = None
    timeout: float | None = None
    rate: float | None = None


@dataclass(frozen=True, slots=True)
class Fleet:
    """What `fleet.yaml` says.

    Args:
        path: the file, absolute.
        instances: in the order in which they are listed.
        waves: in the order in which they are run; empty for one wave with everything.
        receivers: who is told when a run ends.
    """

    path: Path
    instances: tuple[Instance, ...]
    waves: tuple[Wave, ...] = field(default=())
    receivers: tuple[Receiver, ...] = field(default=())

    @property
    def root(self) -> Path:
        """The folder of the file; paths in it are relative to that."""
        return self.path.parent
