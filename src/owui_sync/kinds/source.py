"""What tools and functions have in common: a Python source that the server runs, and the valves that it declares."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar, TypeVar

from owui_sync.address import FieldPath, field_of
from owui_sync.client.api.tools import SourceRow, rewritten
from owui_sync.kinds.base import Finding, Kind
from owui_sync.kinds.fields import Field, key_schema, mapping, text
from owui_sync.kinds.lifecycle import Lifecycle
from owui_sync.kinds.python_source import Valves, front_matter, lines_of_front_matter, outline
from owui_sync.kinds.rows import Row
from owui_sync.kinds.valve_types import wrong_type
from owui_sync.kinds.valves import looks_secret
from owui_sync.kinds.well_known import known, not_here
from owui_sync.kinds.write import WriteRequest
from owui_sync.values import ABSENT, Json, Secret, SourcedText
from owui_sync.wording import did_you_mean

S = TypeVar("S", bound=SourceRow)

_COMPUTED = ("manifest", "has_user_valves", "toggle")
"""Keys of `meta` that the server works out from the source, whatever it is sent."""
_HEAD_KEYS = frozenset({"title", "author", "version", "requirements", "required_open_webui_version", "license"})
"""Keys by which a docstring is known as front matter (docs.openwebui.com, and the sources that the page offers)."""


def _normal_source(source: str) -> str:
    """Return the source as the server keeps it; it still knows its file."""
    stored = rewritten(source)
    return SourcedText(stored, source.source) if isinstance(source, SourcedText) else stored


def identifier(what: str, example: str) -> Json:
    """Return the schema of a key that is an identifier of Python, in lower case."""
    return key_schema(
        f"The id of the {what}; upper and lower case are the same.",
        example,
        pattern=r"^[^\W\d]\w*(?!\n)$",
        error="an id has letters, digits and `_`, and does not begin with a digit",
    )


NAME = text(
    "name",
    "Shown name. Default: the title in the source, or the id.",
    "Lookup",
    least=1,
    defaults_to_key=True,
    cosmetic=True,
)
DESCRIPTION = text("description", "Shown to users.", "Finds tickets", default="", cosmetic=True)


def content_field(description: str, example: str, **options: Any) -> Field:
    """Return the field for the source."""
    return text(
        "content", description, example, least=1, required=True, normal=_normal_source, file_ending=".py", **options
    )


def meta_field(**options: Any) -> Field:
    """Return the field for what else stands in `meta`."""
    computed: Json = {"not": {}, "description": "The server's own.", "x-error": "the server takes it from the source"}
    return mapping(
        "meta",
        "Further keys of the server's `meta`, passed through as they are.",
        {"team": "support"},
        {
            "propertyNames": {"minLength": 1},
            **known(
                {},
                {"not": {"type": "null"}},
                description=not_here("description"),
                **dict.fromkeys(_COMPUTED, computed),
            ),
        },
        **options,
    )


class SourceKind(Kind[S]):
    """A kind whose objects are Python sources; `valves` in a row holds what was set, once it was read."""

    classes: ClassVar[tuple[str, ...]]
    """The classes by which the server knows the source; the first one that is there counts."""
    key_ignores_case = True
    lifecycle = Lifecycle(replaced_by_new=True)

    def identity(self, row: SourceRow) -> tuple[str, str]:
        return row["id"], row["id"]

    def is_secret(self, path: str, values: Mapping[str, Any], key: str = "") -> bool:
        """Return whether a value is secret: a valve is when its source says password, or by the name of a text."""
        field, name = FieldPath.parse(path)
        if field != "valves":
            return super().is_secret(path, values)
        return self._valves(values.get("content")).secret.get(name, False) or looks_secret(name, values.get(path))

    def check(self, key: str, values: Mapping[str, Any]) -> Iterable[Finding]:
        content = values.get("content")
        if not isinstance(content, str):
            return
        seen = outline(content)
        if seen.error:
            message = f"the server cannot run this source: {seen.error.message}"
            yield Finding("content", message, line=seen.error.line, column=seen.error.column)
            return
        if not any(map(seen.defines, self.classes)):
            named = " or ".join(f"`{name}`" for name in self.classes)
            yield Finding("content", f"the source has no class {named}, so the server does not take it", line=1)
            return
        lost = _HEAD_KEYS & lines_of_front_matter(seen.docstring)
        if lost and not front_matter(content):
            yield Finding(
                "content",
                f"the server does not read the front matter ({', '.join(sorted(lost))}) of this source",
                'the first line must be `"""` alone, and the lines below it `key: value`',
                line=1,
                doubtful=True,
            )
        yield from self._check_valves(content, values)

    def _check_valves(self, content: str, values: Mapping[str, Any]) -> Iterator[Finding]:
        valves = self._valves(content)
        for path, value in values.items():
            field, name = FieldPath.parse(path)
            if field != "valves":
                continue
            if not valves.exist:
                yield Finding(path, f"`{path}` is set, but the source has no class `Valves`")
            elif not valves.may_have(name):
                hint = did_you_mean(name, valves.secret) or f"valves: {', '.join(valves.secret) or 'none'}"
                yield Finding(path, f"the class `Valves` of the source has no `{name}`", hint)
            elif not isinstance(value, Secret) and self.is_secret(path, values):
                message = f"`{path}` looks like a secret, and stands here in clear text"
                yield Finding(path, message, f"write `{name}: !secret NAME`", doubtful=True)
            elif value is not ABSENT and (right := wrong_type(valves.types.get(name), value)):
                why = "what stands in quotes or comes from !env is a text" if isinstance(value, str) else None
                yield Finding(path, f"`{path}` must be {right}, as the class `Valves` of the source says", why)

    def _valves(self, content: Any) -> Valves:
        if not isinstance(content, str):
            return Valves(exist=True)
        seen = outline(content)
        return seen.valves(next((name for name in self.classes if seen.defines(name)), ""))

    def source_values(self, row: SourceRow) -> dict[str, Any]:
        """Return the values of all fields in common, as far as the row tells them."""
        meta = row.get("meta") or {}
        valves = row.get("valves") or {}
        declared = self._valves(row["content"]) if valves else Valves(exist=False)
        return {
            "name": row["name"],
            "content": row["content"],
            "description": meta.get("description") or "",
            # What the source no longer declares is still stored, and means nothing.
            **{f"valves.{name}": valves[name] for name in valves if declared.may_have(name)},
            **{f"meta.{name}": meta[name] for name in meta if name != "description" and _is_said(name, meta[name])},
        }

    def defaults_of(self, row: SourceRow) -> dict[str, Any]:
        """Return the defaults that depend on the object."""
        return {"name": front_matter(row["content"]).get("title") or row["id"]}

    def body(self, row: SourceRow, write: WriteRequest) -> Row:
        """Return what the server is sent: the row (empty for a new object) with the changes in it."""
        content = write.get("content", row.get("content", ""))
        stored = row.get("meta") or {}
        meta = write.merged("meta", {key: stored[key] for key in stored if key not in _COMPUTED})
        if "description" in write.values:
            meta["description"] = write.values["description"]
        name = row["name"] if row else front_matter(content).get("title") or write.key
        return {
            "id": write.key,
            "name": write.get("name", name),
            "content": content,
            "meta": meta,
            "commit_message": write.message,
        }


def changes_source(write: WriteRequest) -> bool:
    """Return whether anything is to be written that an update of the source sends."""
    return any(field_of(path) in ("name", "content", "description", "meta") for path in write.values)


def _is_said(name: str, value: Any) -> bool:
    return name not in _COMPUTED and value is not None
