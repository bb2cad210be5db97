"""What a JSON Schema finds wrong, in plain words and at the place that a person has to edit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from owui_sync.manifest.schema.wording import allowed, listed, options, type_words, value_words
from owui_sync.values import has_secret
from owui_sync.wording import did_you_mean

Path = tuple[str | int, ...]

ValidationError = Any
"""`jsonschema.ValidationError`. The library is only loaded where it checks; its types say "maybe unset" everywhere."""


@dataclass(frozen=True, slots=True)
class SchemaViolation:
    """One thing wrong with a value.

    Args:
        path: steps from the section to the value.
        message: one sentence.
        hint: what to do, or None.
        at_key: the key at the end of `path` is wrong, not the value.
        harmless: the rest of the value can be used all the same.
    """

    path: Path
    message: str
    hint: str | None = None
    at_key: bool = False
    harmless: bool = False


def named(path: Path) -> str:
    """Return a path as messages show it: `models.bot.tags[2]`; the file, for the path of all of it."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return f"`{text.removeprefix('.')}`" if path else "the file"


def unknown_key(key: str, known: Any, path: Path) -> tuple[str, str]:
    """Return message and hint for a key that nothing is known of."""
    where = f" in {named(path)}" if path else ""
    return f"unknown key `{key}`{where}", did_you_mean(key, known) or f"known here: {listed(known) or 'nothing'}"


def complaints(error: ValidationError, prefix: Path) -> Iterator[SchemaViolation]:
    """Yield the complaints behind an error of `jsonschema`.

    Args:
        prefix: where the validated value stands in the document; begins every path.
    """
    path = (*prefix, *error.absolute_path)
    if error.validator in ("oneOf", "anyOf"):
        yield from _of_forms(error, prefix, path)
    elif error.validator == "additionalProperties":
        yield from _of_extra(error, path)
    elif "propertyNames" in error.absolute_schema_path:
        what = f"cannot be a key of {named(path)}" if path else "cannot be a name here"
        message = f"`{error.instance}` {what}: {_own_words(error) or f'it {_rule(error)}'}"
        yield SchemaViolation((*path, error.instance), message, at_key=True)
    else:
        own = None if error.validator == "type" else _own_words(error)
        message = f"{named(path)} {_rule(error)}" if own is None else f"{named(path)}: {own}"
        yield SchemaViolation(path, message, _suggestion(error.instance, error.schema))


def _own_words(error: ValidationError) -> str | None:
    return error.schema.get("x-error") if isinstance(error.schema, dict) else None


def _of_extra(error: ValidationError, path: Path) -> Iterator[SchemaViolation]:
    properties = error.schema.get("properties", {})
    for key in error.instance:
        if key not in properties:
            message, hint = unknown_key(key, allowed(properties), path)
            yield SchemaViolation((*path, key), message, hint, at_key=True, harmless=True)


def _of_forms(error: ValidationError, prefix: Path, path: Path) -> Iterator[SchemaViolation]:
    """Yield a value that may have several forms: what is wrong inside the form that was meant, if that is clear."""
    forms: dict[Any, list[ValidationError]] = {}
    for inner in error.context or ():
        forms.setdefault(inner.relative_schema_path[0], []).append(inner)
    meant = [errors for errors in forms.values() if not any(_is_other_form(inner) for inner in errors)]
    if len(meant) == 1:
        for inner in meant[0]:
            yield from complaints(inner, prefix)
        return
    own = _own_words(error)
    must = f"{named(path)} must be {type_words(error.schema)}, not {value_words(error.instance)}"
    yield SchemaViolation(
        path, must if own is None else f"{named(path)}: {own}", _suggestion(error.instance, error.schema)
    )


def _is_other_form(error: ValidationError) -> bool:
    return not error.relative_path and error.validator in ("type", "const", "enum")


_OTHER_BOOLEANS = ("yes", "no", "on", "off", "y", "n", "true", "false")


def _suggestion(instance: Any, schema: Any) -> str | None:
    if not isinstance(instance, str):
        return None
    if isinstance(schema, dict) and schema.get("type") == "boolean" and instance.lower() in _OTHER_BOOLEANS:
        return f"write `true` or `false`: `{instance}` is a text"
    return did_you_mean(instance, options(schema))


def _rule(error: ValidationError) -> str:
    """Return what the value must be, as the end of a sentence that begins with its name."""
    describe = _RULES.get(str(error.validator))
    return describe(error) if describe else "is not what it must be"


def _missing(error: ValidationError) -> str:
    names = [name for name in error.validator_value if name not in error.instance]
    return f"lacks {listed(names, last=' and ')}"


def _too_few(error: ValidationError) -> str:
    least = error.validator_value
    return "must not be empty" if least == 1 else f"must have at least {least}"


def _must_be(error: ValidationError) -> str:
    return f"must be {type_words(error.schema)}, not {value_words(error.instance)}"


def _not(error: ValidationError) -> str:
    unwanted = error.validator_value
    return f"must not be {type_words(unwanted)}" if unwanted else "is not allowed here"


def _no_format(error: ValidationError) -> str:
    why = "" if has_secret(error.instance) else f": {error.cause}"
    return f"is no {error.validator_value}{why}"


_RULES: dict[str, Callable[[ValidationError], str]] = {
    "type": _must_be,
    "enum": _must_be,
    "const": _must_be,
    "not": _not,
    "required": _missing,
    "pattern": lambda error: f"must fit the pattern `{error.validator_value}`, unlike {value_words(error.instance)}",
    "minLength": _too_few,
    "minItems": _too_few,
    "minProperties": _too_few,
    "maxLength": lambda error: f"must have {error.validator_value} characters at the most",
    "maxItems": lambda error: f"must have {error.validator_value} items at the most",
    "minimum": lambda error: f"must be {error.validator_value} or more, not {value_words(error.instance)}",
    "maximum": lambda error: f"must be {error.validator_value} or less, not {value_words(error.instance)}",
    "format": _no_format,
    "uniqueItems": lambda error: "has an item twice",
}
