"""A folder of saved plans, one for each instance."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from owui_sync.errors import Diagnostic, OwuiSyncError
from owui_sync.inputs import PLAN, read_input, write_output
from owui_sync.report.visible import dumps
from owui_sync.values import Json, load_json


def write(folder: Path, name: str, plan: Json) -> None:
    """Save the plan of an instance. Raises OwuiSyncError where it cannot be written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_output(folder / f"{name}.json", dumps(plan))
    except OSError as error:
        raise OwuiSyncError(f"the plan of {name} cannot be saved to {folder}: {error.strerror}") from None


def read(folder: Path, names: Sequence[str]) -> dict[str, Json]:
    """Return name -> the saved plan of each instance. Raises OwuiSyncError with all that cannot be read."""
    plans: dict[str, Json] = {}
    problems = []
    for name in names:
        path = folder / f"{name}.json"
        try:
            plans[name] = load_json(read_input(path, PLAN))
        except OSError as error:
            problems.append(Diagnostic(f"there is no plan of {name}: {error.strerror}", str(path)))
        except ValueError as error:
            problems.append(Diagnostic(f"the plan of {name} is not JSON: {error}", str(path)))
    if problems:
        raise OwuiSyncError.of(problems)
    return plans
