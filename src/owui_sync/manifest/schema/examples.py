"""Makes manifests that show one part of the format in use: the smallest ones that `validate` accepts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

import yaml

from owui_sync.kinds.areas import AreaKind, entry_key
from owui_sync.kinds.base import Kind
from owui_sync.manifest.schema import build, jobs
from owui_sync.manifest.schema.wording import allowed
from owui_sync.values import Json

_WIDTH = 78
_JOB = "smoke"
_OTHER_JOB = "warm-up"


class _Secret(str):
    """The name of a secret, written as `!secret NAME`."""


class _Dumper(yaml.SafeDumper):
    """Writes examples; a value that occurs twice is written twice."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


_Dumper.add_representer(_Secret, lambda dumper, value: dumper.represent_scalar("!secret", str(value)))


def written(example: Json) -> str:
    """Return an example as YAML."""
    return yaml.dump(example, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=_WIDTH)


def of_entry(kind: Kind, steps: Sequence[str], schema: Json) -> Json:
    """Return a manifest with one entry of a kind.

    Args:
        steps: the way to the value to show, from the entry on; empty shows the first fields.
        schema: of the entry.
    """
    if isinstance(kind, AreaKind):
        section = around(schema, steps or list(schema["properties"])[:1])
        return {kind.section: {area: _hidden(kind, area, "", value) for area, value in section.items()}}
    if not steps:
        names = list(schema["properties"])[:3]
        entry = {name: _field(kind, name, schema["properties"][name]) for name in names}
    elif steps == ["unmanaged"]:
        entry = {"unmanaged": [next(field.name for field in kind.fields if not field.required and not field.secret)]}
    else:
        value = _field(kind, steps[0], schema["properties"][steps[0]]) if len(steps) == 1 else None
        entry = around(schema, steps, value)
    return {kind.section: entry if kind.lifecycle.singleton else {key_of(kind): entry}}


def of_job(steps: Sequence[str]) -> Json:
    """Return a manifest with a job that shows the value to which `steps` lead."""
    entries = {_JOB: around(jobs.JOB, steps or ["expect", "contains"])}
    if steps[:1] == ["needs"]:
        entries = {_OTHER_JOB: sample(jobs.JOB), _JOB: around(jobs.JOB, ["needs"], [_OTHER_JOB])}
    return {jobs.SECTION: entries}


def of_move(kind: Kind) -> Json:
    """Return a manifest that moves an object to the key of an entry."""
    head, dot, name = key_of(kind).rpartition(".") if isinstance(kind, AreaKind) else ("", "", key_of(kind))
    move = {kind.section: {"from": f"{head}{dot}old_{name}", "to": key_of(kind)}}
    return {kind.section: kind.in_section(key_of(kind), {}), "moved": [move]}


def of_config(steps: Sequence[str]) -> Json:
    """Return a configuration that shows the value to which `steps` lead."""
    schema = build.configuration()
    shown = around(schema, steps or ["layers"])
    if steps == ["default_target"]:
        shown["targets"] = {shown["default_target"]: {}}
    return {"version": build.VERSION, **shown}


def key_of(kind: Kind) -> str:
    """Return a key that an object of a kind can have."""
    return str(kind.key.get("examples", ["example"])[0])


def around(schema: Any, steps: Sequence[str], value: Any = None) -> Any:
    """Return the smallest value of a schema that has something at the end of `steps`.

    Args:
        value: what stands there; None takes a sample.
    """
    if not steps:
        return sample(schema) if value is None else value
    step, *rest = steps
    form = next(form for form in forms(schema) if step in properties_of(form) or form.get("additionalProperties"))
    known = properties_of(form)
    below = known.get(step) or form["additionalProperties"]
    needed = {name: sample(known[name]) for name in _beside(form, step) if name != step}
    entry = {**needed, **below.get("x-beside", {}), step: around(below, rest, value)}
    return [entry] if _is_list(schema) or _in_list(schema, form) else entry


def sample(schema: Any) -> Any:
    """Return a value that the schema allows: one of its `examples`, else the simplest."""
    if not isinstance(schema, dict):
        return "..."
    if "x-secret" in schema:
        return _Secret(schema["x-secret"])
    if "examples" in schema:
        return schema["examples"][0]
    if "const" in schema or "enum" in schema:
        return schema.get("const", schema.get("enum", [None])[0])
    if "oneOf" in schema:
        return sample(schema["oneOf"][0])
    if schema.get("type") == "array":
        return [sample(schema.get("items"))]
    if schema.get("type") == "object":
        known = properties_of(schema)
        names = _beside(schema, "") or list(known)[:3]
        return {name: sample(known[name]) for name in names} or {"name": sample(schema.get("additionalProperties"))}
    return {"boolean": True, "integer": 1, "number": 1}.get(str(schema.get("type")), "...")


def forms(schema: Any) -> Iterator[Json]:
    """Yield a schema and, if it has several forms, each of them; of a list, its items."""
    if not isinstance(schema, dict):
        return
    yield schema
    for sub in [*schema.get("oneOf", ()), schema.get("items")]:
        yield from forms(sub)


def properties_of(schema: Json) -> dict[str, Any]:
    """Return the keys that a mapping may have, with the schema of each."""
    return allowed(schema.get("properties", {}))


def _hidden(kind: AreaKind, key: str, path: str, value: Any) -> Any:
    """Return the value at a path of an area with a name in the place of each secret."""
    if isinstance(value, list):
        return [_hidden(kind, key, f"{path or key}.item", item) for item in value]
    if not path and key in kind.entry_areas:
        return {entry: _hidden_fields(kind, entry_key(key, entry), "", fields) for entry, fields in value.items()}
    if isinstance(value, dict):
        return _hidden_fields(kind, key, path, value)
    return value


def _hidden_fields(kind: AreaKind, key: str, path: str, fields: Json) -> Json:
    found: Json = {}
    for name, value in fields.items():
        inner = f"{path}.{name}" if path else name
        if _is_secret(kind, key, inner):
            secret = _Secret(re.sub(r"[^A-Z0-9]+", "_", name.upper()))
            found[name] = dict.fromkeys(value, secret) if isinstance(value, dict) else secret
        else:
            found[name] = _hidden(kind, key, inner, value) if isinstance(value, list | dict) else value
    return found


def _is_secret(kind: AreaKind, key: str, path: str) -> bool:
    try:
        return kind.is_secret(path, {}, key)
    except KeyError:
        return False


def _field(kind: Kind, name: str, schema: Json) -> Any:
    secret = any(field.name == name and field.secret for field in kind.fields)
    return _Secret(f"{kind.name}_{name}".upper()) if secret else sample(schema)


def _beside(form: Json, step: str) -> list[str]:
    """Return the keys that a mapping needs beside `step`."""
    chosen = [group[0] for group in form.get("x-one-of", ()) if step not in group]
    return [*form.get("required", ()), *chosen]


def _in_list(schema: Json, form: Json) -> bool:
    return any(form in forms(sub.get("items")) for sub in forms(schema) if _is_list(sub))


def _is_list(schema: Json) -> bool:
    return schema.get("type") == "array" or schema.get("type") == ["array", "null"]
