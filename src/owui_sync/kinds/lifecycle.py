"""How the objects of a kind come to be, who sees them, and what becomes of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto


class Removal(Enum):
    """What happens to an object that no manifest names any more."""

    DELETE = auto()
    RELEASE = auto()
    """It is released instead of deleted; only `absent` deletes it."""
    RESET = auto()
    """Every server has exactly one object of the kind. It cannot be created or deleted, so its fields are reset."""


class Visibility(Enum):
    """Which objects the list of a kind has."""

    ALL = auto()
    OWN = auto()
    """Objects belong to the user of the token, who sees no others; a row tells whose it is by `user_id`."""
    READABLE = auto()
    """All of them, unless the server runs with `BYPASS_ADMIN_ACCESS_CONTROL=false`: then those shared with the user."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifecycle:
    """The life of the objects of a kind.

    Args:
        removal: what happens to an object that is no longer written.
        visibility: which objects the list has.
        unique: whether the server refuses a second object of one key, hidden ones included; otherwise several may have
            it, if only because they were made at the same moment.
        since: the first server version that has such objects, or None for all.
        rename_since: the first server version that can change the key of an object in place; None: none can.
        create_requires: the field without which an object is not created but deferred until it exists. Only creating
            uses it: later it is neither compared, changed nor remembered.
        replaced_by_new: an object that gets another key is made anew before the old one is deleted, as the server may
            refuse the new one; for kinds of which both can be there.
        switched_by: the address of the setting that switches the kind on and off; None where nothing does. A change of
            it comes first.
        filled_under: the addresses of the settings under which the server takes in the files of an object. A change of
            them comes first, but for what narrows them (`AreaKind.narrows`), which comes after the files.
        overlay_without: the field without which an object only adds settings to what is there anyway, and others may
            have set some of them; None: each object stands for itself.
    """

    removal: Removal = Removal.DELETE
    visibility: Visibility = Visibility.ALL
    unique: bool = True
    since: str | None = None
    rename_since: str | None = None
    create_requires: str | None = None
    overlay_without: str | None = None
    replaced_by_new: bool = False
    switched_by: str | None = None
    filled_under: tuple[str, ...] = ()

    @property
    def singleton(self) -> bool:
        """Whether the section is the one entry, with the key `default`."""
        return self.removal is Removal.RESET

    @property
    def released(self) -> bool:
        """Whether only `absent` deletes an object."""
        return self.removal is Removal.RELEASE

    @property
    def personal(self) -> bool:
        """Whether an object belongs to the user of the token."""
        return self.visibility is Visibility.OWN


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionToken:
    """What `ObservedResource.marker` proves.

    Args:
        seconds: whether it is a time in whole seconds, so that a second change in the same one does not show.
        untracked: fields that change on the server without a new token.
    """

    seconds: bool = False
    untracked: frozenset[str] = frozenset()

    def is_reliable(self, token: str, now: float) -> bool:
        """Return whether an object that has this token later on is sure to be as it is now.

        Args:
            now: by the server's clock, in seconds since 1970.
        """
        return bool(token) and (not self.seconds or now >= int(token) + 2)
