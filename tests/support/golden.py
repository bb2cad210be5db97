"""What people are shown (plans, outcomes, problems, help), kept in tests/golden beside the tests that show it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from syrupy.extensions.amber import AmberSnapshotExtension
from syrupy.location import PyTestLocation

from owui_sync import __version__

_TESTS = Path(__file__).parents[1]


class Golden(AmberSnapshotExtension):
    """One file for each test module, at the module's place below tests/golden."""

    @classmethod
    def dirname(cls, *, test_location: PyTestLocation) -> str:
        """Return the folder of the file."""
        module = Path(test_location.filepath).resolve()
        return str(_TESTS / "golden" / module.parent.relative_to(_TESTS))

    @classmethod
    def matches_test_location(cls, *, test_location: PyTestLocation, snapshot_location: str) -> bool:
        """Whether the file is that of the test: modules of one name in two folders have two files.

        Otherwise a run of one of the two would take what the other one has not used for no longer wanted.
        """
        return cls.get_location(test_location=test_location, index=0) == snapshot_location

    def serialize(self, data: Any, **options: Any) -> Any:
        """Write a value without the version of this release, which would make every release change the files."""
        written = super().serialize(data, **options)
        return re.sub(rf"(owui-sync(?: |==)){re.escape(__version__)}", r"\1VERSION", written)
