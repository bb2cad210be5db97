"""Models that functions offer: an active pipe is a model of its own id, or several with ids such as `id.name`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from owui_sync.address import Address
from owui_sync.kinds import KINDS
from owui_sync.kinds.observed import ObservedResource
from owui_sync.kinds.python_source import outline
from owui_sync.manifest.desired import Entry
from owui_sync.resolve.graph import NamedReference

Functions = Mapping[str, Entry | ObservedResource]
"""Address -> function."""


def functions_of(objects: Mapping[str, Entry] | Mapping[str, tuple[ObservedResource, ...]]) -> Functions:
    """Return the functions of manifests, or those of a server."""
    some = {address: one for address, one in objects.items() if Address.parse(address).kind == "function"}
    return {address: one[0] if isinstance(one, tuple) else one for address, one in some.items()}


def with_pipes(
    uses: Iterable[NamedReference], functions: Functions, models: Mapping[str, object]
) -> Iterator[NamedReference]:
    """Yield the uses of names; that of a model which a pipe offers as a use of the function.

    Args:
        functions: all that may be such pipes.
        models: address -> what has entries of its own; a name that is one of them stays a use of it as well.
    """
    for use in uses:
        pipe = pipe_behind(use, functions)
        if pipe is None or use.address in models:
            yield use
        if pipe is not None:
            yield replace(use, kind=pipe.kind, key=pipe.key)


def pipe_behind(use: NamedReference, functions: Functions) -> Entry | ObservedResource | None:
    """Return the function that offers the model that is named, as far as its source tells."""
    if use.kind != "model":
        return None
    id = KINDS["function"].normal_key(use.key.partition(".")[0])
    found = functions.get(f"function/{id}")
    content = found.values.get("content") if found else None
    return found if isinstance(content, str) and outline(content).defines("Pipe") else None
