"""Files that a wildcard or a folder found, and that the server cannot keep: they are left out, and told once."""

from __future__ import annotations

from dataclasses import dataclass, field

from owui_sync.manifest.problems import Diagnostics
from owui_sync.manifest.yaml.value_problem import Unkept
from owui_sync.values import Position
from owui_sync.wording import listed_briefly

_NAMED = 3


@dataclass(slots=True)
class LeftOut:
    """What is left out of one list of files.

    Args:
        what: the list, such as `knowledge/Handbook`.
        at: where it is written.
    """

    what: str
    at: Position
    files: list[Unkept] = field(default_factory=list)

    def tell(self, warnings: Diagnostics) -> None:
        """Add one warning with the number of the files and some names, if there are any."""
        count = len(self.files)
        files = "1 file that was found is" if count == 1 else f"{count:,} files that were found are"
        if count:
            message = f"`{self.what}`: {files} left out, as the server keeps no such file: {self._names()}"
            warnings.add(message, self.at)

    def refuse(self, problems: Diagnostics) -> None:
        """Add a problem, where nothing else was found: all that the server has now would go."""
        if self.files:
            message = f"`{self.what}`: the server can keep none of the files that were found: {self._names()}"
            problems.add(message, self.at, "name others, or take the source out")

    def _names(self) -> str:
        return listed_briefly([f"{file.name} ({file.why})" for file in self.files], _NAMED)
