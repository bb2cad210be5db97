"""What people are shown (plans, outcomes, problems, help), kept in tests/golden beside the tests that show it."""

from __future__ import annotations

from pathlib import Path

from syrupy.extensions.amber import AmberSnapshotExtension
from syrupy.location import PyTestLocation

_TESTS = Path(__file__).parents[1]


class Golden(AmberSnapshotExtension):
    """One file for each test module, at the module's place below tests/golden."""

    @classmethod
    def dirname(cls, *, test_location: PyTestLocation) -> str:
        """Return the folder of the file."""
        module = Path(test_location.filepath).resolve()
        return str(_TESTS / "golden" / module.parent.relative_to(_TESTS))
