"""`owui-sync fmt`."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click

from owui_sync.cli.manifest_options import chosen_target
from owui_sync.cli.options import Command, current_settings, target_options
from owui_sync.report.out import say


@click.command(cls=Command, name="fmt")
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path(path_type=Path))
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 when a file is not in this style.")
@target_options
def command(paths: tuple[Path, ...], check: bool, target: str | None, config: Path | None) -> int:
    """Write manifests in one style, with their comments.

    PATH is as for plan. Changes indentation, blanks and brackets; never quotes, texts or the order of keys, and nothing
    that a manifest means. If one file cannot be read, none is written.

    Exit codes: 0 done; 1 error, or with --check a file is not in this style.
    """
    from owui_sync.manifest.files.reading import shown

    changed = _changed(paths or chosen_target(config, target).require_layers())
    for path, text in changed.items():
        if not check:
            _write(path, text)
        if check or not current_settings().quiet:
            say(f"{'not formatted' if check else 'formatted'}  {shown(path)}")
    return 1 if check and changed else 0


def _changed(layers: Iterable[Path]) -> dict[Path, str]:
    """Return each manifest that is written in another style, with its text in ours.

    Raises:
        ManifestError: with what is wrong in all files.
    """
    from owui_sync.errors import Diagnostic, ManifestError
    from owui_sync.manifest.files.reading import manifests_in, read_text, shown
    from owui_sync.manifest.format import formatted
    from owui_sync.manifest.yaml.nodes import Origin
    from owui_sync.manifest.yaml.value_problem import ValueProblem

    problems: list[Diagnostic] = []
    changed: dict[Path, str] = {}
    for layer in layers:
        try:
            for path in manifests_in(layer):
                text = read_text(path)
                try:
                    new = formatted(text, Origin(path.absolute(), shown(path), path.parent))
                except ManifestError as error:
                    problems += error.problems
                    continue
                if new != text:
                    changed[path] = new
        except ValueProblem as wrong:
            problems.append(Diagnostic(wrong.message, None, wrong.hint))
    if problems:
        raise ManifestError.of(problems)
    return changed


def _write(path: Path, text: str) -> None:
    """Replace a file in one step; a link stays one, and so do the permissions."""
    import shutil

    from owui_sync.errors import OwuiSyncError

    real = path.resolve()
    draft = real.with_name(f".{real.name}.fmt")
    try:
        draft.write_text(text, encoding="utf-8", newline="")
        shutil.copymode(real, draft)
        draft.replace(real)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise OwuiSyncError(f"cannot write {path}: {error.strerror}") from None
