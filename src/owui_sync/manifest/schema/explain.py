"""What a section or field of a manifest means, told from its schema."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator
from typing import Any

import yaml

from owui_sync import __version__
from owui_sync.errors import UsageError
from owui_sync.kinds import KINDS, SECTIONS, access
from owui_sync.kinds.base import Kind
from owui_sync.manifest.schema import jobs
from owui_sync.manifest.schema.build import FUTURE, KEEP, UNMANAGED, entry_schema, sections
from owui_sync.manifest.schema.wording import allowed, is_refused, listed, type_words
from owui_sync.values import Json
from owui_sync.wording import did_you_mean

_WIDTH = 78


def overview() -> str:
    """Return all topics with a sentence each."""
    kinds = [(kind.name, kind.summary) for kind in KINDS.values()]
    others = [(name, _first_sentence(schema["description"])) for name, schema in _others().items()]
    lines = ["Kinds:", *_table(kinds), "", "Other parts of a manifest:", *_table(others), ""]
    return "\n".join([*lines, "`owui-sync explain KIND.FIELD` says more, such as `explain prompt.content`."])


def explain(topic: str) -> str:
    """Return a kind, a field or another part of a manifest, in plain words.

    Args:
        topic: such as `prompt`, `prompts.content`, `model.params`, `access.read` or `absent`.

    Raises:
        UsageError: there is no such thing; says what was most likely meant.
    """
    name, *steps = topic.split(".")
    kind = KINDS.get(name) or SECTIONS.get(name)
    if kind is not None and not steps:
        return _kind(kind)
    if kind is not None:
        schema = _inside(entry_schema(kind), steps, kind.name)
        example = _entry_example(kind, _nested(steps, sample(schema)))
        return _value(".".join([kind.name, *steps]), schema, example, _needed(kind, steps))
    if name in ("job", jobs.SECTION) and steps:
        schema = _inside(jobs.JOB, steps, "job")
        example = _nested([jobs.SECTION, "smoke", *steps], sample(schema))
        return _value(".".join(["job", *steps]), schema, example, None)
    name = jobs.SECTION if name == "job" else name
    if name in _others():
        schema = _inside(_others()[name], steps, name)
        return _value(topic, schema, _nested([name, *steps], sample(schema)), None)
    if name in FUTURE:
        raise UsageError(f"owui-sync {__version__} does not manage `{name}` yet")
    known = [*KINDS, *SECTIONS, *_others()]
    raise UsageError(f"nothing is known of `{name}`", hint=did_you_mean(name, known) or f"topics: {listed(known)}")


def _others() -> dict[str, Json]:
    rest = {name: schema for name, schema in sections().items() if name not in SECTIONS}
    return {"access": access.SCHEMA, **rest, "keep": KEEP, "unmanaged": UNMANAGED}


def _forms(schema: Any) -> Iterator[Json]:
    """Yield a schema and, if it has several forms, each of them; of a list, its items."""
    if not isinstance(schema, dict):
        return
    yield schema
    for sub in [*schema.get("oneOf", ()), schema.get("items")]:
        yield from _forms(sub)


def _properties(schema: Json) -> dict[str, Any]:
    return {name: sub for form in _forms(schema) for name, sub in allowed(form.get("properties", {})).items()}


def _refused(schema: Json) -> dict[str, Any]:
    """Keys that are refused with a word on what to write instead."""
    properties = {name: sub for form in _forms(schema) for name, sub in form.get("properties", {}).items()}
    return {name: sub for name, sub in properties.items() if isinstance(sub, dict) and is_refused(sub)}


def _inside(schema: Json, steps: list[str], name: str) -> Json:
    """Return the schema of what is `steps` below; a mapping with free names takes any."""
    for step in steps:
        known = _properties(schema)
        if step in (refused := _refused(schema)):
            raise UsageError(f"`{name}` has no field `{step}`", hint=refused[step].get("x-error"))
        free = next((form["additionalProperties"] for form in _forms(schema) if form.get("additionalProperties")), None)
        if step not in known and free is None:
            hint = did_you_mean(step, known) or (f"fields: {listed(known)}" if known else f"it is {type_words(schema)}")
            raise UsageError(f"`{name}` has no field `{step}`", hint=hint)
        schema = known.get(step) or free or {}
        name = f"{name}.{step}"
    return schema


def _kind(kind: Kind) -> str:
    fields = _properties(entry_schema(kind))
    shown = {name: sample(schema) for name, schema in list(fields.items())[:3]}
    return "\n".join(
        [
            *_head(f"{kind.name} (section `{kind.section}`)", kind.summary),
            *([] if kind.lifecycle.singleton else [f"  key       {kind.key['description']}", ""]),
            "Fields:",
            *_table([(name, _first_sentence(schema.get("description", ""))) for name, schema in fields.items()]),
            *_example(_entry_example(kind, shown)),
        ]
    )


def _value(title: str, schema: Json, example: Any, needed: str | None) -> str:
    lines = _head(title, schema.get("description", "One value; its name is free."))
    lines += _wrapped("  type      ", type_words(schema))
    if "default" in schema:
        lines += _wrapped("  default   ", json.dumps(schema["default"], ensure_ascii=False))
    if needed:
        lines += _wrapped("  needed    ", needed)
    lines += _wrapped("  since     ", f"Open WebUI {schema['x-since']}" if "x-since" in schema else "all versions")
    if fields := _properties(schema):
        rows = [(name, _first_sentence(sub.get("description", type_words(sub)))) for name, sub in fields.items()]
        lines += ["", "Fields:", *_table(rows)]
    if refused := _refused(schema):
        rows = [(name, sub.get("x-error", "")) for name, sub in refused.items()]
        lines += ["", "Not here:", *_table(rows)]
    return "\n".join([*lines, *_example(example)])


def _needed(kind: Kind, steps: list[str]) -> str | None:
    names = [field.name for field in kind.fields if field.required]
    return "to create one" if len(steps) == 1 and steps[0] in names else None


def sample(schema: Any) -> Any:
    """Return a value that the schema allows: one of its `examples`, else the simplest."""
    if not isinstance(schema, dict):
        return "..."
    if "examples" in schema:
        return schema["examples"][0]
    if "const" in schema or "enum" in schema:
        return schema.get("const", schema.get("enum", [None])[0])
    if "oneOf" in schema:
        return sample(schema["oneOf"][0])
    if schema.get("type") == "array":
        return [sample(schema.get("items"))]
    if schema.get("type") == "object":
        known = {name: sample(sub) for name, sub in _properties(schema).items()}
        free = schema.get("additionalProperties")
        return known or {"name": sample(free)}
    return {"boolean": True, "integer": 1, "number": 1}.get(str(schema.get("type")), "...")


def _entry_example(kind: Kind, entry: Any) -> Json:
    """Return the entry in its section, under a key where entries have one."""
    key = str(kind.key.get("examples", ["example"])[0])
    return {kind.section: entry if kind.lifecycle.singleton else {key: entry}}


def _nested(steps: list[str], value: Any) -> Any:
    for step in reversed(steps):
        value = {step: value}
    return value


def _head(title: str, text: str) -> list[str]:
    return [title, "", *_wrapped("  ", text), ""]


def _wrapped(first: str, text: str) -> list[str]:
    return textwrap.wrap(text, _WIDTH, initial_indent=first, subsequent_indent=" " * len(first)) or [first.rstrip()]


def _table(rows: list[tuple[str, str]]) -> list[str]:
    width = max(len(name) for name, _ in rows) + 4
    return [line for name, text in rows for line in _wrapped(f"  {name}".ljust(width), text)]


def _first_sentence(text: str) -> str:
    return text.split(". ")[0].rstrip(".")


def _example(value: Any) -> list[str]:
    text = yaml.safe_dump(value, sort_keys=False, allow_unicode=True, width=_WIDTH)
    return ["", "Example:", *textwrap.indent(text.rstrip(), "  ").splitlines()]
