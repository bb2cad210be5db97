"""An object that is on the server, though not everything about it could be done: what is there is not to be lost."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from owui_sync.client.errors import ConnectionFailed, TimedOut, Uncertain
from owui_sync.errors import OwuiSyncError
from owui_sync.kinds.observed import ObservedResource


class PartialWrite(OwuiSyncError):
    """An object was made or changed, but not everything about it could be.

    `live` is the object as far as it is known, or None; `usable`: it is what others need, and only some of what it
    holds is missing, as a file of a knowledge base.
    """

    live: ObservedResource | None = None
    usable: bool = False

    @property
    def cause(self) -> Exception:
        """What went wrong: the error behind this one, where there is one."""
        return self.__cause__ if isinstance(self.__cause__, Exception) else self

    @property
    def silent(self) -> bool:
        """Whether the server no longer answered."""
        return isinstance(self.cause, ConnectionFailed | TimedOut)


@contextmanager
def finishing(live: ObservedResource, *, usable: bool = False) -> Iterator[None]:
    """Whatever fails inside leaves the object as `live`, and says so.

    An answer that was lost is not told here: whoever made the request looks what became of it.
    """
    try:
        yield
    except Uncertain:
        raise
    except PartialWrite as error:
        error.live, error.usable = error.live or live, error.usable or usable
        raise
    except OwuiSyncError as error:
        found = PartialWrite(str(error))
        found.live, found.usable = live, usable
        raise found from error
