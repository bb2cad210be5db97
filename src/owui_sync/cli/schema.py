"""`owui-sync schema`."""

from __future__ import annotations

from pathlib import Path

import click

from owui_sync.cli.options import Command
from owui_sync.report.out import say

_DOCUMENTS = ("manifest", "plan", "config", "fleet")


@click.command(cls=Command, name="schema")
@click.argument("document", type=click.Choice(_DOCUMENTS), default="manifest")
@click.option(
    "--check",
    "files",
    multiple=True,
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Print nothing; exit with 1 if the schema in FILE is not the one of this version; repeatable.",
)
def command(document: str, files: tuple[Path, ...]) -> None:
    """Print a JSON Schema.

    For manifests (default), for plans as `plan --format json` writes them, for owui-sync.yaml, or for
    fleet.yaml (with the reports of `fleet --format json` under `$defs`). A file that --check names
    is compared with the document in its name, such as config.schema.json.
    """
    if not files:
        say(_schema(document))
        return
    from owui_sync.errors import Diagnostic, OwuiSyncError

    problems = [
        Diagnostic(problem, str(file), f"write it again: owui-sync schema {name} > {file}")
        for file in files
        for name in [_document_of(file, document)]
        if (problem := _problem(file, name))
    ]
    if problems:
        raise OwuiSyncError.of(problems)


def _schema(document: str) -> str:
    from owui_sync.manifest.schema.build import config_schema, manifest_schema, text_of

    if document == "plan":
        from owui_sync.report.schema import plan_schema

        return text_of(plan_schema())
    if document == "fleet":
        from owui_sync.fleet.schema import published_schema

        return text_of(published_schema())
    return text_of(manifest_schema() if document == "manifest" else config_schema())


def _document_of(file: Path, default: str) -> str:
    name = file.name.partition(".")[0]
    return name if name in _DOCUMENTS else default


def _problem(file: Path, document: str) -> str | None:
    from owui_sync.manifest.files.reading import read_text
    from owui_sync.manifest.yaml.value_problem import ValueProblem

    try:
        same = read_text(file) == _schema(document)
    except ValueProblem as wrong:
        return wrong.message
    return None if same else "the schema is of another version of owui-sync"
