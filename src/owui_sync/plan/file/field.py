"""The keys of one field of a change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from operator import attrgetter
from typing import Any

from owui_sync.plan.file.table import Codec, Key, Record, choice, mark, several, shown, text
from owui_sync.plan.nested import are_nested, nested_changes
from owui_sync.plan.stored_files import are_files, file_changes
from owui_sync.plan.types import Cause, FieldChange
from owui_sync.values import ABSENT, LocalFile, SourcedText, encode, has_secret

_HIDDEN = {"secret": True, "changed": True}
_SIDES = ("before", "after")
_SIDE = (
    "null when there is none; `{secret: true, changed: true}` when it must not be seen; a text that comes from a file "
    "is `{file, sha256, size}`."
)


def is_saved(field: FieldChange) -> bool:
    """Tell whether a saved plan holds the exact value besides what is shown.

    It does for names of secrets and files, and not for a secret in clear. A reset writes the default, which is no
    secret; neither is what is empty, as the defaults of secrets are.
    """
    if field.after is ABSENT:
        return False
    if field.is_hidden:
        return has_secret(field.after) or field.cause is Cause.RESET or field.after in (None, "", {}, [])
    return _from_file(field.after)


def _from_file(value: Any) -> bool:
    if isinstance(value, LocalFile):
        return True
    if isinstance(value, Mapping):
        return any(map(_from_file, value.values()))
    return isinstance(value, SourcedText) or (isinstance(value, list | tuple) and any(map(_from_file, value)))


def _shown(value: Any) -> Any:
    """Return a value for readers: what came from a file as the file, what is absent as null."""
    if value is ABSENT:
        return None
    if isinstance(value, SourcedText):
        return {"file": value.source.path, "sha256": value.source.sha256, "size": value.source.size}
    if isinstance(value, Mapping):
        return {key: _shown(item) for key, item in value.items()}
    return [_shown(item) for item in value] if isinstance(value, list | tuple) else value


def _before(field: FieldChange) -> Any:
    return dict(_HIDDEN) if field.is_hidden else _shown(field.before)


def _after(field: FieldChange) -> Any:
    return dict(_HIDDEN) if field.is_hidden else _shown(field.after)


def _absent_sides(field: FieldChange) -> Any:
    return [side for side in _SIDES if getattr(field, side) is ABSENT] or ABSENT


def _files(field: FieldChange) -> Any:
    if field.is_hidden or not are_files(field.before, field.after):
        return ABSENT
    return file_changes(field.before, field.after).document()


def _details(field: FieldChange) -> Any:
    """Return the differences inside; those of file sets are told by `files`."""
    if field.is_hidden or are_files(field.before, field.after) or not are_nested(field.before, field.after):
        return ABSENT
    return nested_changes(_shown(field.before), _shown(field.after))


def _exact(field: FieldChange) -> Any:
    return encode(field.after) if is_saved(field) else ABSENT


_DETAIL_KEYS = (
    shown("path", text('From the field on, such as `a.b[0].c` or `["gpt-4.1"].max`.')),
    shown(
        "op",
        Codec({"enum": ["add", "remove", "change"], "description": "What happens there."}),
        attrgetter("operation"),
    ),
    shown("before", Codec({"description": "Value on the server; missing for `add`."}), is_optional=True),
    shown("after", Codec({"description": "Value to be written; missing for `remove`."}), is_optional=True),
)
DETAIL = Record("detail", "One difference inside a field, for readers: an apply goes by the field.", _DETAIL_KEYS)

_KEYS = (
    Key("path", text("Such as `params.temperature`.")),
    Key("before", Codec({"description": f"Value on the server: {_SIDE}"}), _before),
    Key("after", Codec({"description": f"Value to be written: {_SIDE}"}), _after),
    Key(
        "cause",
        choice(
            Cause,
            "`manifest`: written or edited there. `drift`: changed on the server. `reset`: no longer written, back to "
            "the default.",
        ),
    ),
    Key(
        "absent",
        Codec(
            {
                "type": "array",
                "items": {"enum": list(_SIDES)},
                "description": "Sides on which there is no value at all, as opposed to a null.",
            }
        ),
        _absent_sides,
        is_optional=True,
    ),
    Key("secret", mark("Neither side may be seen."), lambda field: field.is_hidden or ABSENT, is_optional=True),
    shown(
        "files",
        Codec(
            {
                "description": "What becomes of stored files, where both sides are sets of them: `added`, `changed` "
                "(`size_before`), `moved` (`from`) and `removed`, each `{path, size}`; in bytes, 0 where unknown.",
                "type": "object",
            }
        ),
        _files,
        is_optional=True,
    ),
    shown(
        "details",
        several(DETAIL, "What differs inside, where both sides are mappings or both are lists."),
        _details,
        is_optional=True,
    ),
)

_VALUE = Key(
    "value",
    Codec(
        {
            "description": "In a saved plan, when `after` is not exact: the value with `{$secret: NAME}` for a secret "
            "and `{$file: PATH, sha256, size}` or `{$image: ...}` for what comes from a file."
        },
        load=lambda saved, inputs: inputs.value(saved),
    ),
    _exact,
    is_optional=True,
)


def _field(
    path: str,
    before: Any,
    after: Any,
    cause: Cause,
    absent: Sequence[str] = (),
    secret: bool = False,
    value: Any = ABSENT,
) -> FieldChange:
    """Return the field that its keys stand for. The value of a secret that was not saved is absent."""
    exact = after if value is ABSENT and not secret and "after" not in absent else value
    return FieldChange(path, ABSENT if secret or "before" in absent else before, exact, cause, secret)


SHOWN_FIELD = Record("field", "One field.", _KEYS)
"""A field as readers see it."""
SAVED_FIELD = Record("field", "One field.", (*_KEYS, _VALUE), _field)
"""The same with what a saved plan needs besides."""
