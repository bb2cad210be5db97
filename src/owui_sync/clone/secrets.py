"""The secrets of a copy: those that an export names come from the environment, the others are left out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any

from owui_sync.errors import Diagnostic, ManifestError
from owui_sync.export.content import Content
from owui_sync.export.entry import ExportedEntry
from owui_sync.export.folder import secret_names
from owui_sync.export.tag import Tag
from owui_sync.manifest.tags.environment import MissingSecret, read_secret


def with_known_secrets(content: Content, *, allow_missing: bool) -> Content:
    """Return the content without what needs a secret that is not set, and with a warning for each one.

    Args:
        content: of the source.
        allow_missing: leave such fields out, instead of refusing.

    Raises:
        ManifestError: with every secret that is not set.
    """
    items = [item for some in content.items.values() for item in some]
    missing = {name: problem for name in _names(items) if (problem := _problem(name))}
    if missing and not allow_missing:
        raise ManifestError.of(
            Diagnostic(problem.message, hint=f"{problem.hint}; or pass --allow-missing-secrets")
            for problem in missing.values()
        )
    kept = {kind: tuple(_without(item, missing) for item in some) for kind, some in content.items.items()}
    warnings = [f"not copied, as the secret `{name}` is not set: what it is for" for name in missing]
    warnings += [
        f"{item.kind}/{item.key}: `{path}` is secret and not copied" for item in items for path in item.secrets
    ]
    return replace(content, items=kept, warnings=(*content.warnings, *warnings))


def _names(items: Iterable[ExportedEntry]) -> list[str]:
    return list(dict.fromkeys(name for item in items for name in secret_names(item.fields)))


def _problem(name: str) -> MissingSecret | None:
    try:
        read_secret(name)
    except MissingSecret as missing:
        return missing
    return None


def _without(item: ExportedEntry, missing: Collection[str]) -> ExportedEntry:
    return replace(item, fields=_pruned(item.fields, missing)) if missing else item


def _pruned(value: Any, missing: Collection[str]) -> Any:
    """Return the value without the items of mappings that are such a secret."""
    if isinstance(value, Mapping):
        return {key: _pruned(item, missing) for key, item in value.items() if not _is_missing(item, missing)}
    return [_pruned(item, missing) for item in value] if isinstance(value, list) else value


def _is_missing(value: Any, missing: Collection[str]) -> bool:
    return isinstance(value, Tag) and value.tag == "secret" and value.argument in missing
