"""Writes docs/reference: what the code knows of commands, exit codes, kinds and the configuration, as pages.

`make reference` runs it; a test compares the pages with what it would write.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from owui_sync import cli
from owui_sync.kinds import KINDS
from owui_sync.kinds.base import Kind
from owui_sync.manifest.schema import examples, jobs
from owui_sync.manifest.schema.build import config_schema, entry_schema, sections
from owui_sync.manifest.schema.wording import allowed, type_words
from owui_sync.values import Json

FOLDER = Path(__file__).parents[2] / "docs" / "reference"
_NOTE = "<!-- `make reference` writes this page. -->"


def pages() -> dict[str, str]:
    """Return name -> text of every page."""
    texts = {"commands.md": _commands(), "manifest.md": _manifest(), "configuration.md": _configuration()}
    return {name: "\n".join([_NOTE, "", *lines, ""]) for name, lines in texts.items()}


def _commands() -> list[str]:
    # With the settings of the program: click keeps the help option of the first context that asks for it.
    context = click.Context(cli.cli, info_name=cli.PROGRAM, **cli.cli.context_settings)
    lines = ["# Commands", "", "| command | does |", "|---|---|"]
    lines += [f"| [`{name}`](#{name}) | {text} |" for name, text in cli.COMMANDS.items()]
    lines += ["", "## Exit codes", "", "| code | meaning |", "|---|---|"]
    lines += [f"| {code} | {_cell(meaning)} |" for code, meaning in cli.EXIT_CODES.items()]
    lines += ["", "What to do about each: [troubleshooting](../how-to/troubleshooting.md).", ""]
    for name in cli.COMMANDS:
        command = cli.cli.get_command(context, name)
        assert command is not None
        lines += _command(command, name, click.Context(command, context, info_name=name), "##")
    options = [option for option in cli.cli.get_params(context) if isinstance(option, click.Option)]
    return [*lines, "## Global options", "", *_options(options, context)]


def _command(command: click.Command, name: str, context: click.Context, level: str) -> list[str]:
    usage = " ".join([context.command_path, *command.collect_usage_pieces(context)])
    help_text = inspect.cleandoc(command.help or "").replace("\b\n", "")
    lines = [f"{level} {name}", "", f"`{usage}`", "", help_text, ""]
    shared = {param.name for param in cli.cli.params}
    options = [param for param in command.params if isinstance(param, click.Option) and param.name not in shared]
    lines += _options([option for option in options if not option.hidden], context)
    if isinstance(command, click.Group):
        for sub in command.list_commands(context):
            below = command.get_command(context, sub)
            assert below is not None
            lines += _command(below, f"{name} {sub}", click.Context(below, context, info_name=sub), level + "#")
    return lines


def _options(options: list[click.Option], context: click.Context) -> list[str]:
    shown = [option for option in options if "--help" not in option.opts]
    rows = [record for option in shown if (record := option.get_help_record(context))]
    if not rows:
        return []
    return ["| option | |", "|---|---|", *(f"| `{_cell(name)}` | {_cell(text)} |" for name, text in rows), ""]


def _manifest() -> list[str]:
    lines = [
        "# Manifests",
        "",
        "Sections of a manifest. `owui-sync explain SECTION.FIELD` says the same in a terminal.",
        "",
    ]
    lines += ["| section | kind | |", "|---|---|---|"]
    lines += [
        f"| [`{kind.section}`](#{kind.section}) | {kind.name} | {_cell(kind.summary)} |" for kind in KINDS.values()
    ]
    lines.append("")
    for kind in KINDS.values():
        lines += _kind(kind)
    named = {kind.section for kind in KINDS.values()}
    lines += [f"## {jobs.SECTION}", "", *_fields(jobs.JOB, "")]
    rest = {name: schema for name, schema in sections().items() if name not in {*named, jobs.SECTION}}
    lines += ["## Other keys", "", "| key | type | |", "|---|---|---|"]
    return [*lines, *(_row(name, schema) for name, schema in rest.items())]


def _kind(kind: Kind) -> list[str]:
    schema = entry_schema(kind)
    lines = [f"## {kind.section}", "", kind.summary, ""]
    if not kind.lifecycle.singleton:
        lines += [f"Key: {kind.key['description']}", ""]
    example = examples.written(examples.of_entry(kind, [], schema)).rstrip()
    return [*lines, "```yaml", example, "```", "", *_fields(schema, "")]


def _fields(schema: Json, prefix: str) -> list[str]:
    return ["| field | type | |", "|---|---|---|", *_rows(schema, prefix), ""]


def _rows(schema: Any, prefix: str) -> Iterator[str]:
    for name, sub in allowed(schema.get("properties", {})).items():
        yield _row(f"{prefix}{name}", sub)
        if isinstance(sub, dict) and sub.get("properties"):
            yield from _rows(sub, f"{prefix}{name}.")


def _row(name: str, schema: Json) -> str:
    words = [schema.get("description", "")]
    if "default" in schema:
        words.append(f"Default: `{json.dumps(schema['default'], ensure_ascii=False)}`.")
    if "x-since" in schema:
        words.append(f"Since Open WebUI {schema['x-since']}.")
    return f"| `{name}` | {_cell(type_words(schema))} | {_cell(' '.join(filter(None, words)))} |"


def _configuration() -> list[str]:
    schema = config_schema()
    target = schema["properties"]["targets"]["additionalProperties"]
    lines = ["# Configuration", "", f"`owui-sync.yaml`. {schema['description']}", "", *_fields(schema, "")]
    return [*lines, "## Targets", "", target["description"], "", *_fields(target, "")]


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, text in pages().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
