"""Attributes that a program may set after it has made its client: checked as what the client is made with."""

from __future__ import annotations

from typing import Generic, Self, TypeVar, overload

from owui_sync.client.facade.options import checked

T = TypeVar("T")


class Attribute(Generic[T]):
    """An attribute that is checked when it is set.

    Args:
        default: what it is before that.
    """

    def __init__(self, default: T) -> None:
        self._default = default
        self._name = ""

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, client: None, owner: type) -> Self: ...

    @overload
    def __get__(self, client: object, owner: type) -> T: ...

    def __get__(self, client: object, owner: type) -> T | Self:
        """Return its value."""
        return self if client is None else vars(client).get(self._name, self._default)

    def __set__(self, client: object, value: T) -> None:
        """Set its value; raises WrongType or WrongValue for one that it cannot have."""
        vars(client)[self._name] = checked({self._name: value})[self._name]
