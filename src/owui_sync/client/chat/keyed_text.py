"""Texts that programs may also read as a mapping, as those do that know replies and log entries as dictionaries."""

from __future__ import annotations

from collections.abc import ItemsView, Iterable, KeysView, Mapping, ValuesView
from typing import Any, Self, SupportsIndex


class KeyedText(str):
    """A text with keys: an ordinary `str`, in JSON too, that also answers `["content"]`, `.get` and the like.

    `content` is the text itself. What both kinds have, such as `len`, iteration and `==`, is that of the text; `in`
    finds keys and parts of the text. Programs that ask `isinstance(reply, dict)` before they read a key get True, as
    `__class__` says so; `isinstance(reply, str)` is True as well, and `type` tells what it really is.

    Args:
        text: the text; or keys and values as they make a dictionary, for code that makes a mapping anew by its type, as
            `dataclasses.asdict` does.
        keys: what else it answers.
    """

    __slots__ = ("_keys",)

    _keys: dict[str, Any]

    def __new__(cls, text: str | Iterable[tuple[str, Any]], /, **keys: Any) -> Self:
        if not isinstance(text, str):
            keys = dict(text)
            text = str(keys.pop("content"))
        made = super().__new__(cls, text)
        made._keys = {"content": str(text), **keys}
        return made

    @property  # type: ignore[misc]  # The type checker knows `__class__` as an attribute that cannot be replaced.
    def __class__(self) -> type:
        return dict

    def __getitem__(self, key: str | SupportsIndex | slice) -> Any:
        return self._keys[key] if isinstance(key, str) else super().__getitem__(key)

    def __contains__(self, part: object) -> bool:
        return part in self._keys or (isinstance(part, str) and super().__contains__(part))

    def __reduce__(self) -> tuple[Any, ...]:
        return _made, (str(self), self._keys)

    def get(self, key: str, default: Any = None) -> Any:
        """Return the value of a key, or `default`."""
        return self._keys.get(key, default)

    def keys(self) -> KeysView[str]:
        """Return the keys."""
        return self._keys.keys()

    def values(self) -> ValuesView[Any]:
        """Return the values, in the order of the keys."""
        return self._keys.values()

    def items(self) -> ItemsView[str, Any]:
        """Return the keys with their values."""
        return self._keys.items()

    def copy(self) -> dict[str, Any]:
        """Return the keys with their values as a dictionary, which can be changed."""
        return dict(self._keys)


def _made(text: str, keys: Mapping[str, Any]) -> KeyedText:
    """Return the text that a pickle holds."""
    return KeyedText({**keys, "content": text}.items())
