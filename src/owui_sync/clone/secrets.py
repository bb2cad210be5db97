"""The secrets of a copy: from the source in memory, or those that an export names from the environment."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any

from owui_sync.errors import Diagnostic, ManifestError
from owui_sync.export.content import Content
from owui_sync.export.entry import ExportedEntry
from owui_sync.export.folder import secret_names
from owui_sync.export.tag import Tag, TaggedMapping
from owui_sync.kinds.observed import ObservedResource
from owui_sync.manifest.desired import Desired, Entry
from owui_sync.manifest.tags.environment import MissingSecret, read_secret
from owui_sync.values import Secret, has_secret


def stand_in(name: str) -> str:
    """Return what stands in manifests for a secret that `with_copied_secrets` puts in later."""
    return f"the secret {name} of the source"


def with_copied_secrets(desired: Desired, lives: Iterable[ObservedResource]) -> Desired:
    """Return what is asked for with the source's secrets, which no file has ever held.

    Args:
        desired: with a `stand_in` for each secret.
        lives: what is copied, as the source has it.
    """
    source = {live.address: live.values for live in lives}
    entries = {address: _with_secrets(entry, source.get(address, {})) for address, entry in desired.entries.items()}
    return replace(desired, entries=entries)


def _with_secrets(entry: Entry, source: Mapping[str, Any]) -> Entry:
    values = {path: sealed(source[path], path) if has_secret(value) else value for path, value in entry.values.items()}
    return replace(entry, values=values)


def sealed(value: Any, path: str) -> Any:
    """Return a value with each of its texts as a `Secret`; empty texts, which are none, stay."""
    if isinstance(value, str) and value:
        return Secret(value, {"$secret": path})
    if isinstance(value, Mapping):
        return {key: sealed(item, path) for key, item in value.items()}
    return [sealed(item, path) for item in value] if isinstance(value, list | tuple) else value


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
    kept = {kind: tuple(_without(_left_alone(item), missing) for item in some) for kind, some in content.items.items()}
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


def _left_alone(item: ExportedEntry) -> ExportedEntry:
    """Return the entry so that a secret which an earlier copy took along stays on the destination."""
    return item.leaving_alone({*item.secrets, *item.fields.get("unmanaged", ())})


def _without(item: ExportedEntry, missing: Collection[str]) -> ExportedEntry:
    return replace(item, fields=_pruned(item.fields, missing)) if missing else item


def _pruned(value: Any, missing: Collection[str]) -> Any:
    """Return the value without the items of mappings that are such a secret."""
    if isinstance(value, Mapping):
        return {key: _pruned(item, missing) for key, item in value.items() if not _is_missing(item, missing)}
    return [_pruned(item, missing) for item in value] if isinstance(value, list) else value


def _is_missing(value: Any, missing: Collection[str]) -> bool:
    if isinstance(value, TaggedMapping):
        return any(_is_missing(item, missing) for item in value.values())
    return isinstance(value, Tag) and value.tag == "secret" and value.argument in missing
