"""The values that travel from a manifest to a request: positions, secrets, texts that came from files.

Everything here is plain data without I/O; the stations share these types and nothing else.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, BinaryIO, Final, NoReturn

Json = dict[str, Any]

STACK_NAME: Final = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,62}(?!\n)$"
"""What the name of a stack is like: it becomes a part of names on the server."""
STACK_RULE: Final = (
    "a stack's name begins with a letter or digit and has letters, digits, `.`, `_` and `-`, 63 at the most"
)


class _Absent(Enum):
    ABSENT = "absent"

    def __repr__(self) -> str:
        return "ABSENT"

    def __bool__(self) -> bool:
        return False


ABSENT: Final = _Absent.ABSENT
"""Stands for "there is no such value", which is not the same as `null`."""


class _ServerDefault(Enum):
    SERVER_DEFAULT = "!default"

    def __repr__(self) -> str:
        return "SERVER_DEFAULT"


SERVER_DEFAULT: Final = _ServerDefault.SERVER_DEFAULT
"""Stands in a manifest for the default of the server, which only its version tells: `!default`."""


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A place in a manifest; line and column count from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class FileSource:
    """The file behind a text: its path as messages show it, the sha256 of its bytes (hex), its size in bytes."""

    path: str
    sha256: str
    size: int
    tag: str = "file"


class SourcedText(str):
    """A text that was read from a file (`!file`) or made from one (`!image`); equal to any `str` with its content."""

    source: FileSource

    def __new__(cls, text: str, source: FileSource) -> SourcedText:
        self = super().__new__(cls, text)
        self.source = source
        return self


class LocalFile(dict[str, Any]):
    """A file to be uploaded: the mapping `{"path", "sha256", "size"}`, and where its bytes are.

    Args:
        path: the place that it gets on the server, with slashes.
        source: the local file, with the tag `upload`; for a text written in the manifest its path is empty.
        open: opens it for reading, several times over if need be; reading raises `StalePlan`, before the last bytes
            are given, when they are no longer those of `source`, and opening does when the file is gone.
        text: the text written in the manifest, or None.
    """

    def __init__(self, path: str, source: FileSource, open: Callable[[], BinaryIO], text: str | None = None) -> None:
        super().__init__(path=path, sha256=source.sha256, size=source.size)
        self.source = source
        self.open = open
        self.text = text


class StoredFile(dict[str, Any]):
    """A file on the server: the mapping `{"path", "sha256", "size"}`, and its text, for a report of what changes in it.

    Args:
        data: its bytes.
        text: what they say; None for bytes that are no text.
    """

    def __init__(self, path: str, data: bytes, text: str | None) -> None:
        super().__init__(path=path, sha256=hashlib.sha256(data).hexdigest(), size=len(data))
        self.text = text


def inline_file(path: str, text: str) -> LocalFile:
    """Return the file that a text written in the manifest makes."""
    data = text.encode()
    source = FileSource("", hashlib.sha256(data).hexdigest(), len(data), "upload")
    return LocalFile(path, source, lambda: io.BytesIO(data), text)


class Secret:
    """A text that must not be seen. Only `reveal()` gives it away; the request body is its only reader.

    Args:
        value: the text.
        origin: how to get it again, for saved plans: `{"$secret": NAME}`, or for a text put together from several,
            `{"$join": [part, ...]}`.
    """

    __slots__ = ("_value", "origin")

    def __init__(self, value: str, origin: Json) -> None:
        self._value = value
        self.origin = origin

    def reveal(self) -> str:
        """Return the text itself."""
        return self._value

    def __repr__(self) -> str:
        return "Secret(...)"

    def _refuse(self, *_: object) -> NoReturn:
        raise TypeError("a Secret is neither compared nor stored; reveal() it where its text is needed")

    __eq__ = _refuse
    __hash__ = None  # type: ignore[assignment]
    __reduce__ = _refuse
    __iter__ = None


def has_secret(value: Any) -> bool:
    """Return whether a `Secret` is anywhere inside `value`."""
    if value is None or isinstance(value, str | int | float):
        return False
    if isinstance(value, Secret):
        return True
    if isinstance(value, Mapping):
        return any(map(has_secret, value.values()))
    return isinstance(value, list | tuple) and any(map(has_secret, value))


def reveal(value: Any) -> Any:
    """Return `value` with each `Secret` replaced by its text: for request bodies and comparisons, never for output."""
    if isinstance(value, Secret):
        return value.reveal()
    if isinstance(value, LocalFile):
        return value
    if isinstance(value, Mapping):
        return {key: reveal(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [reveal(item) for item in value]
    return value


MAX_DEPTH: Final = 200
"""Levels of a JSON value that comes from outside: what walks values does so by recursion."""
_TOO_DEEP = f"nested more than {MAX_DEPTH} levels deep"
_CONTAINERS = (dict, list)


def load_json(content: bytes | str) -> Any:
    """Return the value of a JSON text. Raises ValueError for a text that is no JSON, and for one too deep."""
    try:
        value = json.loads(content)
    except RecursionError:
        raise ValueError(_TOO_DEEP) from None
    level = [value] if isinstance(value, _CONTAINERS) else []
    for _ in range(MAX_DEPTH):
        if not level:
            return value
        parts = (each.values() if isinstance(each, dict) else each for each in level)
        level = [item for items in parts for item in items if isinstance(item, _CONTAINERS)]
    raise ValueError(_TOO_DEEP)


_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


def _plain_number(value: Any) -> Any:
    if isinstance(value, str | int) or value is None:
        return value
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, Mapping):
        return {key: _plain_number(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain_number(item) for item in value]
    return value


def canonical(value: Any) -> bytes:
    """Return the one spelling of a value: sorted keys, no blanks, `1.0` as `1`; raises TypeError for a `Secret`."""
    if value is ABSENT:
        return b""
    if isinstance(value, str):
        return _encode(value).encode("utf-8", "surrogatepass")
    return _encode(_plain_number(value)).encode("utf-8", "surrogatepass")


def same(one: Any, other: Any) -> bool:
    """Return whether two values without secrets are the same JSON value: `1` and `1.0` are, `1` and `true` are not."""
    if type(one) is type(other) and isinstance(one, str | int | float | None):
        return bool(one == other)
    return canonical(one) == canonical(other)


def digest(value: Any) -> str:
    """Return the sha256 of the canonical form, in hex."""
    return hashlib.sha256(canonical(value)).hexdigest()


_MARKS = ("$secret", "$join", "$file", "$image", "$upload", "$value")


def encode(value: Any) -> Any:
    """Return `value` as JSON for a saved plan: secrets by origin, file texts by path and hash, the rest as it is."""
    if isinstance(value, Secret):
        return value.origin
    if isinstance(value, SourcedText):
        source = value.source
        return {f"${source.tag}": source.path, "sha256": source.sha256, "size": source.size}
    if isinstance(value, LocalFile):
        return _encoded_file(value)
    if isinstance(value, Mapping):
        encoded = {key: encode(item) for key, item in value.items()}
        return {"$value": encoded} if any(mark in encoded for mark in _MARKS) else encoded
    if isinstance(value, list | tuple):
        return [encode(item) for item in value]
    return value


def _encoded_file(file: LocalFile) -> Json:
    if file.text is not None:
        return {"$upload": file["path"], "text": encode(file.text)}
    source = file.source
    return {"$upload": file["path"], "from": source.path, "sha256": source.sha256, "size": source.size}


def _no_upload(source: FileSource) -> Callable[[], BinaryIO]:
    raise LookupError(f"no way to read {source.path}")


@dataclass(frozen=True, slots=True)
class Sources:
    """Where `decode` gets again what a saved plan does not hold.

    Args:
        secret: gives the text of a secret by its name.
        file: gives the text for a tag (`file` or `image`) and a `FileSource`; raises when the hash is another.
        upload: gives what opens a file to be uploaded, as for `LocalFile`; raises when the hash is another.
    """

    secret: Callable[[str], str]
    file: Callable[[FileSource], str]
    upload: Callable[[FileSource], Callable[[], BinaryIO]] = _no_upload


def decode(value: Any, sources: Sources) -> Any:
    """Return the value that `encode` wrote."""
    if isinstance(value, list):
        return [decode(item, sources) for item in value]
    if not isinstance(value, dict):
        return value
    if "$secret" in value:
        return Secret(sources.secret(value["$secret"]), value)
    if "$join" in value:
        return Secret("".join(map(str, _texts(value["$join"], sources))), value)
    for tag in ("file", "image"):
        if f"${tag}" in value:
            source = FileSource(value[f"${tag}"], value["sha256"], value["size"], tag)
            return SourcedText(sources.file(source), source)
    if "$upload" in value:
        return _decoded_file(value, sources)
    value = value.get("$value", value)
    return {key: decode(item, sources) for key, item in value.items()}


def _decoded_file(value: Json, sources: Sources) -> LocalFile:
    if "text" in value:
        return inline_file(value["$upload"], decode(value["text"], sources))
    source = FileSource(value["from"], value["sha256"], value["size"], "upload")
    return LocalFile(value["$upload"], source, sources.upload(source))


def _texts(parts: Sequence[Any], sources: Sources) -> list[Any]:
    return [reveal(decode(part, sources)) for part in parts]
