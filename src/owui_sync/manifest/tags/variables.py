"""Variables of the command line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from owui_sync.errors import UsageError
from owui_sync.manifest.files.reading import project_root, read_manifest, shown
from owui_sync.manifest.problems import Diagnostics
from owui_sync.manifest.schema import validate
from owui_sync.manifest.yaml.nodes import Origin
from owui_sync.manifest.yaml.parser import parse
from owui_sync.manifest.yaml.scalars import scalar
from owui_sync.manifest.yaml.value_problem import ValueProblem
from owui_sync.wording import did_you_mean


def from_command_line(var: Sequence[str], var_file: Sequence[Path], root: Path | None) -> dict[str, Any]:
    """Return the variables of `--var-file` (later files win), then of `--var`.

    Args:
        var: `NAME=VALUE`; the value is a YAML scalar, an empty one the empty text.
        var_file: YAML files with a mapping; tags in them work as in manifests.
        root: folder of the configuration.

    Raises:
        ManifestError: a file cannot be read.
        UsageError: a `--var` is not `NAME=VALUE`.
    """
    problems = Diagnostics()
    result: dict[str, Any] = {}
    for path in var_file:
        found = read_manifest(Origin(path.absolute(), shown(path), project_root(path, root)), problems)
        if found is not None:
            validate.variables(found, problems)
            result.update(found)
    problems.raise_any()
    return result | dict(map(_assignment, var))


def _assignment(text: str) -> tuple[str, Any]:
    name, equals, value = text.partition("=")
    if not equals or not validate.is_variable_name(name):
        raise UsageError(f"--var takes NAME=VALUE, not `{text}`", hint="such as --var stage=production")
    if any("\ud800" <= char <= "\udfff" for char in value):
        raise UsageError(f"--var {name}: the value is not UTF-8 text")
    try:
        return name, _value(value)
    except ValueProblem as wrong:
        raise UsageError(f"--var {name}: {wrong.message}", hint=wrong.hint) from None


def _value(text: str) -> Any:
    if not text:
        return ""
    if text[0] not in "'\"":
        return scalar(text)
    problems = Diagnostics()
    quoted = parse(f"value: {text}", Origin(Path.cwd(), "--var", Path.cwd()), problems)
    if quoted is None or not isinstance(quoted["value"], str):
        raise ValueProblem("the quoted text is not complete")
    return quoted["value"]


def warn_of_unused(given: Mapping[str, Any], defaults: Any, used: Iterable[str], warnings: Diagnostics) -> None:
    """Warn of variables of the command line that nothing asks for: most likely a mistyped name."""
    known = {*(defaults if isinstance(defaults, dict) else ()), *used}
    for name in given:
        if name not in known:
            warnings.add(f"the variable `{name}` is set, but no manifest uses it", None, did_you_mean(name, known))
