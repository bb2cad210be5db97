"""What a section or field of a manifest means, told from its schema."""

from __future__ import annotations

import json
import textwrap
from typing import Any

from owui_sync.errors import UsageError
from owui_sync.kinds import KINDS, SECTIONS, access
from owui_sync.kinds.areas import AreaKind
from owui_sync.kinds.base import Kind
from owui_sync.manifest.files.reading import CONFIG_NAME
from owui_sync.manifest.schema import examples, jobs
from owui_sync.manifest.schema.build import KEEP, UNMANAGED, configuration, entry_schema, sections
from owui_sync.manifest.schema.examples import forms, properties_of
from owui_sync.manifest.schema.wording import is_refused, listed, type_words
from owui_sync.values import Json
from owui_sync.wording import did_you_mean

CONFIG = "config"
"""The topic about `owui-sync.yaml`."""

_WIDTH = 78


def overview() -> str:
    """Return all topics with a sentence each."""
    kinds = [(kind.name, kind.summary) for kind in KINDS.values()]
    others = [(name, _first_sentence(schema["description"])) for name, schema in _others().items()]
    lines = ["Kinds:", *_table(kinds), "", "Other parts of a manifest:", *_table(others), ""]
    lines += [f"{CONFIG_NAME}:", *_table([(CONFIG, "Layers, targets, notifications")]), ""]
    return "\n".join([*lines, "`owui-sync explain KIND.FIELD` says more, such as `explain prompt.content`."])


def explain(topic: str) -> str:
    """Return a kind, a field or another part of a manifest, in plain words.

    Args:
        topic: such as `prompt`, `prompts.content`, `model.params`, `access.read`, `absent` or `config.notify`.

    Raises:
        UsageError: there is no such thing; says what was most likely meant.
    """
    name, *steps = topic.split(".")
    kind = KINDS.get(name) or SECTIONS.get(name)
    if kind is not None and not steps:
        return _kind(kind)
    if kind is not None:
        entry = entry_schema(kind)
        steps = _with_dots(entry, steps)
        schema = _inside(entry, steps, kind.name)
        example = examples.of_entry(kind, steps, entry)
        return _value(".".join([kind.name, *steps]), schema, example, _needed(kind, steps))
    if name in ("job", jobs.SECTION) and steps:
        return _value(".".join(["job", *steps]), _inside(jobs.JOB, steps, "job"), examples.of_job(steps), None)
    if name == CONFIG:
        schema = _inside(configuration(), steps, CONFIG)
        return _value(f"{CONFIG_NAME} {'.'.join(steps)}".strip(), schema, examples.of_config(steps), None)
    name = jobs.SECTION if name == "job" else name
    if name in _others():
        return _value(topic, _inside(_others()[name], steps, name), _other_example(name, steps), None)
    known = [*KINDS, *SECTIONS, *_others(), CONFIG]
    raise UsageError(f"nothing is known of `{name}`", hint=did_you_mean(name, known) or f"topics: {listed(known)}")


def _others() -> dict[str, Json]:
    rest = {name: schema for name, schema in sections().items() if name not in SECTIONS}
    return {"access": access.SCHEMA, **rest, "keep": KEEP, "unmanaged": UNMANAGED}


def _properties(schema: Json) -> dict[str, Any]:
    return {name: sub for form in forms(schema) for name, sub in properties_of(form).items()}


def _refused(schema: Json) -> dict[str, Any]:
    """Return the keys that are refused with a word on what to write instead."""
    properties = {name: sub for form in forms(schema) for name, sub in form.get("properties", {}).items()}
    return {name: sub for name, sub in properties.items() if isinstance(sub, dict) and is_refused(sub)}


def _with_dots(schema: Json, steps: list[str]) -> list[str]:
    """Return the steps, with those joined again that are one name with dots in it."""
    for number, step in enumerate(steps):
        rest = ".".join(steps[number:])
        if rest in _properties(schema):
            return [*steps[:number], rest]
        schema = _properties(schema).get(step, {})
    return steps


def _inside(schema: Json, steps: list[str], name: str) -> Json:
    """Return the schema of what is `steps` below; a mapping with free names takes any."""
    for step in steps:
        known = _properties(schema)
        if step in (refused := _refused(schema)):
            raise UsageError(f"`{name}` has no field `{step}`", hint=refused[step].get("x-error"))
        free = next((form["additionalProperties"] for form in forms(schema) if form.get("additionalProperties")), None)
        if step not in known and free is None:
            hint = did_you_mean(step, known) or (f"fields: {listed(known)}" if known else f"it is {type_words(schema)}")
            raise UsageError(f"`{name}` has no field `{step}`", hint=hint)
        schema = known.get(step) or free or {}
        name = f"{name}.{step}"
    return schema


def _kind(kind: Kind) -> str:
    entry = entry_schema(kind)
    fields = _properties(entry)
    permanent = kind.lifecycle.singleton or isinstance(kind, AreaKind)
    return "\n".join(
        [
            *_head(f"{kind.name} (section `{kind.section}`)", kind.summary),
            *([] if permanent else [f"  key       {kind.key['description']}", ""]),
            "Areas:" if isinstance(kind, AreaKind) else "Fields:",
            *_table([(name, _first_sentence(schema.get("description", ""))) for name, schema in fields.items()]),
            *_example(examples.of_entry(kind, [], entry)),
        ]
    )


def _value(title: str, schema: Json, example: Any, needed: str | None) -> str:
    lines = _head(title, schema.get("description", "One value; its name is free."))
    lines += _wrapped("  type      ", type_words(schema))
    if "default" in schema:
        lines += _wrapped("  default   ", json.dumps(schema["default"], ensure_ascii=False))
    if needed:
        lines += _wrapped("  needed    ", needed)
    if not title.startswith(CONFIG_NAME):  # Which servers do not know of.
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


def _other_example(name: str, steps: list[str]) -> Json:
    """Return an example of a part that belongs to entries of several kinds, or to none."""
    model = KINDS["model"]
    if name in ("access", "keep", "unmanaged"):
        return examples.of_entry(model, [name, *steps], entry_schema(model))
    if name == "moved":
        return examples.of_move(SECTIONS[steps[0]] if steps and steps[0] in SECTIONS else model)
    if name == jobs.SECTION:
        return examples.of_job([])
    return {name: examples.around(_others()[name], steps)}


def _head(title: str, text: str) -> list[str]:
    return [title, "", *_wrapped("  ", text), ""]


def _wrapped(first: str, text: str) -> list[str]:
    return textwrap.wrap(text, _WIDTH, initial_indent=first, subsequent_indent=" " * len(first)) or [first.rstrip()]


def _table(rows: list[tuple[str, str]]) -> list[str]:
    width = max(len(name) for name, _ in rows) + 4
    return [line for name, text in rows for line in _wrapped(f"  {name}".ljust(width), text)]


def _first_sentence(text: str) -> str:
    return text.split(". ")[0].rstrip(".")


def _example(example: Json) -> list[str]:
    return ["", "Example:", *textwrap.indent(examples.written(example).rstrip(), "  ").splitlines()]
