"""Folders of documents for knowledge bases, and what the server has of them, past our client."""

from __future__ import annotations

import random
import signal
import time
from collections import Counter
from dataclasses import dataclass
from typing import Any

from tests.support.project import Project


@dataclass(frozen=True, slots=True)
class Documents:
    """Small files of which no two have the same text, in a folder `docs` that is the knowledge base of the project.

    Args:
        project: whose folder and server.
        count: how many files.
        folders: over how many folders they are spread.
    """

    project: Project
    count: int
    folders: int = 5

    @property
    def name(self) -> str:
        """Of the knowledge base; also how the names of all its files begin."""
        return f"kb-{self.project.stack}"

    def place(self, number: int) -> str:
        """Where a file is in the base, and below `docs`."""
        return f"{number % self.folders}/{self.name}-{number}.md"

    def write(self) -> None:
        """Writes the files and the manifest."""
        for number in range(self.count):
            path = self.project.folder / "docs" / self.place(number)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"document {number} of {self.name}")
        self.project.write(f"knowledge:\n  {self.name}: {{files: [{{path: docs}}]}}\n")

    def base_id(self) -> str:
        """The knowledge base's id."""
        rows = self.project.api("GET", "/api/v1/knowledge/")["items"]
        [id] = [row["id"] for row in rows if row["name"] == self.name]
        return str(id)

    def held(self) -> Counter[str]:
        """Place -> how often it is in the knowledge base."""
        found: list[Any] = []
        path = f"/api/v1/knowledge/{self.base_id()}/files?limit=1000"
        while len(rows := self.project.api("GET", f"{path}&page={len(found) // 1000 + 1}")["items"]) == 1000:
            found += rows
        return Counter(f"{row['directory_path']}/{row['filename']}".lstrip("/") for row in found + rows)

    def stored(self) -> list[Any]:
        """All these files on the server, in a base or not."""
        first = self.project.api("GET", "/api/v1/files/?content=false")
        numbers = range(2, -(-first["total"] // 50) + 1)
        pages = [self.project.api("GET", f"/api/v1/files/?content=false&page={number}") for number in numbers]
        return [row for page in (first, *pages) for row in page["items"] if row["filename"].startswith(f"{self.name}-")]

    def are_complete(self) -> None:
        """Each document is in the base exactly once, and nowhere else on the server."""
        assert self.held() == Counter(self.place(number) for number in range(self.count))
        assert len(self.stored()) == self.count

    def apply_killed(self, kills: int, seed: int) -> None:
        """Applies, killed again and again at a random moment while it uploads."""
        moments = random.Random(seed)
        for _ in range(kills):
            before, process = len(self.stored()), self.project.start("apply", ".", "--yes")
            while process.poll() is None and len(self.stored()) == before:
                time.sleep(0.05)
            time.sleep(moments.uniform(0, 2))
            process.send_signal(signal.SIGKILL)
            process.communicate()
