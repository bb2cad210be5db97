"""Local files that the jobs of instances write: two instances must not write the same one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from owui_sync.errors import Diagnostic, ManifestError
from owui_sync.manifest.desired import Desired


class OutputFiles:
    """Remembers which instance writes which file."""

    def __init__(self) -> None:
        self._writers: dict[Path, str] = {}

    def claim(self, name: str, desired: Desired) -> None:
        """Note the files that the jobs of an instance write. Raises ManifestError if another one writes them too."""
        if problems := [*self._taken(name, desired)]:
            raise ManifestError.of(problems)

    def _taken(self, name: str, desired: Desired) -> Iterator[Diagnostic]:
        for job in desired.jobs.values():
            if "file" not in job.output:
                continue
            writer = self._writers.setdefault(Path(job.output["file"]).absolute(), name)
            if writer != name:
                yield Diagnostic(
                    f"job/{job.name} writes the file `{job.output['file']}`, as does that of the instance {writer}",
                    str(job.where("output")),
                    "put the name into the path: `file: !sub out/${instance}.md`",
                )
