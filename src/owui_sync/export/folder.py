"""The folder of an export: configuration, schemas, one manifest a section, and the files that these name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from posixpath import normpath
from typing import Any

from owui_sync.errors import OwuiSyncError
from owui_sync.export.content import Content
from owui_sync.export.dump import dump
from owui_sync.export.entry import ExportedEntry
from owui_sync.export.side_files import FileSection
from owui_sync.export.tag import Tag
from owui_sync.kinds import KINDS, access_rules
from owui_sync.kinds.areas import AreaKind
from owui_sync.kinds.base import Kind
from owui_sync.manifest.config import FILE_NAME
from owui_sync.manifest.schema import build

MANIFESTS = "manifests"

_IGNORED = frozenset({".git"})
"""A fresh repository is as good as empty."""


def check_empty(folder: Path) -> None:
    """Raise OwuiSyncError unless the folder is new or empty: an export never mixes with what is there."""
    try:
        found = {path.name for path in folder.iterdir()} - _IGNORED if folder.exists() else set()
    except OSError as error:
        raise OwuiSyncError(f"cannot export into {folder}: {error.strerror}") from None
    if found:
        raise OwuiSyncError(
            f"cannot export into {folder}: it is not empty (there is `{min(found)}`)",
            hint="name a new or an empty folder with -o",
        )


def write(content: Content, folder: Path) -> list[Path]:
    """Write the folder, which is new or empty; returns the paths of its files. Raises OwuiSyncError when it cannot."""
    written = []
    for name, data in files_of(content).items():
        path = folder / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("xb") as file:
                file.write(data)
        except OSError as error:
            raise OwuiSyncError(f"cannot write {path}: {error.strerror}") from None
        written.append(path)
    return written


def files_of(content: Content) -> dict[str, bytes]:
    """Return path -> bytes of every file."""
    result = {FILE_NAME: _config(content).encode()}
    for kind, items in content.items.items():
        section = FileSection(KINDS[kind].section)
        text = "".join(_section(KINDS[kind], items, section))
        result[f"{MANIFESTS}/{section.folder}.yaml"] = (_head() + text).encode()
        result |= {normpath(f"{MANIFESTS}/{path}"): data for path, data in section.files.items()}
    if content.rules:
        text = _head() + dump({access_rules.SECTION: list(content.rules)})
        result[f"{MANIFESTS}/{access_rules.SECTION}.yaml"] = text.encode()
    result["schemas/manifest.schema.json"] = build.text_of(build.manifest_schema()).encode()
    result["schemas/config.schema.json"] = build.text_of(build.config_schema()).encode()
    return result


def _config(content: Content) -> str:
    """Return the configuration: with what the manifests are about, so that no plan of them changes anything else."""
    selection = {"only": list(content.only), "exclude": list(content.exclude)}
    rest = {"layers": [MANIFESTS], "stack": content.stack, **{key: some for key, some in selection.items() if some}}
    head = f"# yaml-language-server: $schema=./schemas/config.schema.json\n{dump({'version': build.VERSION})}"
    return f"{head}\n{dump(rest)}"


def _head() -> str:
    return "# yaml-language-server: $schema=../schemas/manifest.schema.json\n" + dump({"version": build.VERSION}) + "\n"


def _section(kind: Kind, items: tuple[ExportedEntry, ...], section: FileSection) -> Iterator[str]:
    """Yield the text of a section; entries of several lines stand apart."""
    yield from _never_shown(kind)
    if isinstance(kind, AreaKind):
        yield from _areas(kind, items, section)
        return
    yield f"{kind.section}:\n"
    blocks = [_indented(_entry(kind, item, section.place(item))) for item in items]
    yield ("\n" if any(block.count("\n") > 1 for block in blocks) else "").join(blocks)


def _areas(kind: AreaKind, items: tuple[ExportedEntry, ...], section: FileSection) -> Iterator[str]:
    """Yield the text of a section of areas, after the list of the variables that it needs."""
    whole: dict[str, Any] = {}
    for item in items:
        for area, value in kind.in_section(item.key, section.place(item)).items():
            whole[area] = {**whole[area], **value} if area in whole else value
    if names := secret_names(whole):
        yield "# Set these variables first, each with a secret of the server:\n"
        yield from (f"#   {name}\n" for name in names)
    yield dump({kind.section: whole})


def secret_names(value: Any) -> list[str]:
    """Return the variables that `!secret` names in a value."""
    if isinstance(value, Tag):
        return [value.argument] if value.tag == "secret" else []
    inner = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    return list(dict.fromkeys(name for item in inner for name in secret_names(item)))


def _entry(kind: Kind, item: ExportedEntry, fields: Mapping[str, Any]) -> str:
    marks = "".join(f"# {path}: !secret ...  # left out: it is secret\n" for path in item.secrets)
    if kind.lifecycle.singleton:
        return (dump(fields) if fields else "") + marks
    return dump({item.key: fields}) + _indented(marks)


def _never_shown(kind: Kind) -> Iterator[str]:
    """Yield what the server takes and never gives back."""
    if names := [field.name for field in kind.fields if field.secret and kind.is_only_for_creating(field.name)]:
        listed = ", ".join(f"`{name}`" for name in names)
        yield f"# Left out because it is secret: {listed}. Write it as `{names[0]}: !secret NAME`.\n"


def _indented(text: str) -> str:
    return "".join(f"  {line}\n" for line in text.split("\n")[:-1])
