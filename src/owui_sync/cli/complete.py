"""What a shell offers for a word: names from the configuration and the manifests, without a server.

Manifests are read as they are written; no tag is worked out, so that no secret is read and no command is slow.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from owui_sync.manifest.yaml.nodes import LocatedMap

_ONE_WORD = re.compile(r"[\w.@+*/:%,-]+")
"""Names that need no quotes in any shell; others are not offered, because a shell would split them."""


def offered(what: str, context: click.Context, typed: str) -> list[str]:
    """Return the names that begin with what was typed; none where something cannot be read.

    Args:
        what: a key of `_NAMES`.
        context: what was understood of the command line so far.
    """
    try:
        return [name for name in _NAMES[what](context, typed) if name.startswith(typed) and _ONE_WORD.fullmatch(name)]
    except Exception:
        return []  # Whoever presses the tabulator key waits for a word, not for an error.


def _targets(context: click.Context, typed: str) -> Iterable[str]:
    from owui_sync.manifest.config import Config, find, load_config

    path = context.params.get("config") or find(Path.cwd())
    return (load_config(path) if path else Config()).targets


def _addresses(context: click.Context, typed: str) -> Iterable[str]:
    from owui_sync.kinds import KINDS
    from owui_sync.manifest.schema.jobs import SECTION

    merged = _manifests(context)
    for name, section in (*((kind.name, kind.section) for kind in KINDS.values()), ("job", SECTION)):
        spelled = section if typed.startswith(f"{section}/") else name
        keys = merged.get(section) or {}
        yield from (f"{spelled}/{key}" for key in keys)


def _jobs(context: click.Context, typed: str) -> Iterable[str]:
    from owui_sync.manifest.schema.jobs import SECTION

    return map(str, _manifests(context).get(SECTION) or {})


def _commands(context: click.Context, typed: str) -> Iterable[str]:
    """Return the commands, or those below the words that were typed before."""
    shown = context.find_root()
    for word in context.params.get("words") or ():
        found = shown.command.get_command(shown, word) if isinstance(shown.command, click.Group) else None
        if found is None:
            return ()
        shown = click.Context(found, info_name=word, parent=shown)
    return shown.command.list_commands(shown) if isinstance(shown.command, click.Group) else ()


def _topics(context: click.Context, typed: str) -> Iterable[str]:
    from owui_sync.kinds import KINDS
    from owui_sync.manifest.schema.build import configuration, sections
    from owui_sync.manifest.schema.explain import CONFIG

    kinds = {spelled: kind for kind in KINDS.values() for spelled in (kind.name, kind.section)}
    kind = kinds.get(typed.partition(".")[0])
    if kind and "." in typed:
        return (f"{typed.partition('.')[0]}.{field.name}" for field in kind.fields)
    if typed.startswith(f"{CONFIG}."):
        return (f"{CONFIG}.{name}" for name in configuration()["properties"])
    return dict.fromkeys([*(kind.name for kind in KINDS.values()), "job", "access", *sections(), CONFIG])


def _manifests(context: click.Context) -> LocatedMap:
    from owui_sync.cli.manifest_options import chosen_target
    from owui_sync.manifest.layers import read
    from owui_sync.manifest.problems import Diagnostics

    target = chosen_target(context.params.get("config"), context.params.get("target"))
    paths = context.params.get("paths") or context.args  # click leaves paths there that stand before a bare option.
    layers = tuple(Path(path) for path in paths) or target.layers
    merged, _ = read(layers, target.root, Diagnostics(), [])
    return merged


_NAMES: dict[str, Callable[[click.Context, str], Iterable[Any]]] = {
    "commands": _commands,
    "targets": _targets,
    "addresses": _addresses,
    "jobs": _jobs,
    "topics": _topics,
}
