"""The fields of the kind `setting`, by area and by path."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any, Final

from owui_sync.kinds.fields import Field, references_to
from owui_sync.kinds.names import Reference
from owui_sync.kinds.settings import entries, schema
from owui_sync.kinds.settings.listed import LISTS, normal, paths, schema_of
from owui_sync.kinds.settings.table import BY_AREA, CONFIG, DEFAULT_GROUP, SettingSpec, looks_secret
from owui_sync.values import ABSENT

_MODELS = ("DEFAULT_MODELS", "DEFAULT_PINNED_MODELS", "MODEL_ORDER_LIST", "TASK_MODEL", "TASK_MODEL_EXTERNAL")
"""Fields that name models."""


def _refers(kind: str) -> Any:
    """Return a `Field.refers` in which an empty text names nothing."""
    named = references_to(kind)

    def refers(value: Any) -> list[Reference]:
        return [reference for reference in named(value) if reference[1]]

    return refers


def _references(spec: SettingSpec) -> dict[str, Any]:
    if spec.path == DEFAULT_GROUP:
        return {"refers": _refers("group"), "reads": frozenset({"group"})}
    if spec.path in _MODELS:
        return {"refers": _refers("model"), "reads": frozenset({"model", "provider"}), "elsewhere": "provider"}
    return {}


def _field(spec: SettingSpec) -> Field:
    group = spec.path.rpartition(".")[0] if spec.area != CONFIG else ""
    return Field(
        name=group or spec.path,
        schema=schema.of_spec(spec),
        default=spec.default,
        depth=1 if group else 0,
        since=spec.since,
        stays=True,
        secret=spec.secret,
        **_references(spec),
    )


def _group(area: str, name: str) -> Field:
    inner = schema.of_area(area, {})["properties"][name]
    return Field(name=name, schema=inner, depth=1, stays=True)


def _listed(name: str) -> Field:
    default: Any = None if LISTS[name].nullable else []
    split, inner = partial(paths, name), schema_of(name)
    return Field(name=name, schema=inner, default=default, stays=True, split=split, normal=normal(name))


_SECRET_ENDS: Final = {name: tuple(f".{key}" for key in spec.secrets) for name, spec in LISTS.items()}


_BY_PATH: Final[dict[str, Field]] = {}
_BY_AREA: Final[dict[str, dict[str, Field]]] = {}
for _area, _specs in BY_AREA.items():
    _BY_AREA[_area] = {}
    for _spec in _specs:
        _one = _BY_PATH[_spec.path] = _field(_spec)
        if _one.depth and _one.name not in _BY_AREA[_area]:
            _BY_PATH[_one.name] = _BY_AREA[_area][_one.name] = _group(_area, _one.name)
        elif not _one.depth:
            _BY_AREA[_area][_one.name] = _one
for _name, _list in LISTS.items():
    _BY_PATH[_name] = _listed(_name)
    _BY_AREA.setdefault(_list.area, {})[_name] = _BY_PATH[_name]
for _area, _entries in entries.AREAS.items():
    _BY_AREA[_area] = {name: replace(field, stays=True) for name, field in _entries.fields.items()}
_BY_PATH.update({name: replace(field, stays=True) for name, field in entries.ANY.items()})

ALL: Final = tuple(field for path, field in _BY_PATH.items() if path == field.name)
"""Every field, those of mappings as one."""


def of_path(path: str) -> Field:
    """Return the field of a path; any unknown dotted name is a key of the server's store.

    Raises:
        KeyError: there is none.
    """
    if path in _BY_PATH:
        return _BY_PATH[path]
    name, dot, rest = path.partition(".")
    if not dot:
        raise KeyError(path)
    if name in LISTS:
        return replace(_BY_PATH[name], default=ABSENT, secret=rest.endswith(_SECRET_ENDS[name]))
    says = {"description": f"The key `{path}` of the server's store."}
    return Field(name=path, schema=says, stays=True, secret=looks_secret(path))


def in_area(area: str, path: str) -> Field:
    """Return the field of a path in an area. Raises KeyError when there is none."""
    return _BY_AREA.get(area, {}).get(path) or of_path(path)


def of_area(area: str, written: Iterable[str]) -> Iterator[Field]:
    """Yield the fields of an area in their order; of `config` also those that are `written` and not known."""
    known = _BY_AREA.get(area, {})
    yield from known.values()
    if area == CONFIG:
        yield from (of_path(name) for name in written if name not in known and "." in name)
