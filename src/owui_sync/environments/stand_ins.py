"""What a throwaway server has in place of what only the live one has.

| on the live server | on a throwaway one |
|---|---|
| the models of the providers | the scripted provider offers models of these names |
| secrets | placeholders, where they are asked for |
| accounts that come with the first sign-in | accounts with a placeholder for a password |
| objects that the manifests name and do not describe | empty objects of these names, which no stack owns |
| files that jobs write on this machine | nothing: no file is written |
| connections, tool servers, webhooks, the search engine | stubs of the sandbox, see `services` |

Settings that name further services, or decide who gets in, are checked and not written. Every plan and apply on a
throwaway server sees the manifests as `equipped` returns them. Its argument `services` is the address of the stubs;
None leaves the services as they are, for a server that may reach them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from fnmatch import fnmatchcase

from owui_sync.environments.services import ANYWHERE, is_absent, left_out, names_services, tool_server, with_stubs
from owui_sync.kinds import KINDS
from owui_sync.kinds.names import by_id
from owui_sync.kinds.settings.lockout import is_door
from owui_sync.manifest.desired import Desired, Entry
from owui_sync.resolve.graph import named_by
from owui_sync.resolve.jobs import named_by_job
from owui_sync.resolve.pipes import functions_of, with_pipes
from owui_sync.resolve.select import Selection
from owui_sync.sandbox.identity import ADMIN_EMAIL
from owui_sync.sandbox.provider.completions import MODELS
from owui_sync.values import Position, Secret

STACK = "owui-sync-stand-ins"
"""Owner of the objects that stand in for others, while they are made."""

_LONGEST = 72
"""Bytes that servers accept as a password."""
_BARE = {"user": {"role": "user"}}
"""What an object needs to be of use, beside its name."""
_NOWHERE = Position("(stand-in)", 1, 1)


def placeholder(name: str) -> str:
    """Return the text that stands for a secret; always the same one for a name."""
    return f"placeholder-{name}".encode()[:_LONGEST].decode(errors="ignore")


def equipped(desired: Desired, services: str | None = ANYWHERE) -> Desired:
    """Return the manifests as a throwaway server gets them."""
    entries = {
        address: _without_doors(_with_account(with_stubs(entry, services) if services else entry))
        for address, entry in desired.entries.items()
        if not is_absent(entry, services)
    }
    jobs = {
        name: replace(job, output={to: where for to, where in job.output.items() if to != "file"})
        for name, job in desired.jobs.items()
    }
    return replace(desired, entries=entries, jobs=jobs)


def not_written(desired: Desired, services: str | None = ANYWHERE) -> Iterator[str]:
    """Yield the settings that `equipped` takes out of manifests, as addresses and fields."""
    for address, entry in desired.entries.items():
        if is_absent(entry, services):
            yield address
        yield from (f"{address} {path}" for path in (left_out(entry) if services else ()))
        yield from (f"{address} {path}" for path in entry.values if entry.kind == "setting" and is_door(path))


def stubbed(desired: Desired) -> Iterator[str]:
    """Yield the addresses of the settings whose services are stubs in what `equipped` returns."""
    yield from (address for address, entry in desired.entries.items() if names_services(entry))


def unlike_live(desired: Desired, *, live: bool) -> list[str]:
    """Return in words which settings a throwaway server gets otherwise; `live`: it may reach other services."""
    absent = not_written(desired, None if live else ANYWHERE)
    stubs = [] if live else [f"{name}: a stub of the sandbox stands in for the service" for name in stubbed(desired)]
    return [f"{name} is checked, and not written to a throwaway server" for name in absent] + stubs


def offered(desired: Desired) -> tuple[str, ...]:
    """Return the models that the provider has to offer, so that everything the manifests name is there."""
    presets = {entry.key for entry in desired.of("model") if entry.values.get("base")}
    names = [entry.key for entry in desired.of("model")]
    uses = [use for entry in desired.entries.values() for use in named_by(entry)]
    uses += [use for job in desired.jobs.values() for use in named_by_job(job)]
    functions = functions_of(desired.entries)
    names += [use.key for use in with_pipes(uses, functions, desired.entries) if use.kind == "model"]
    wanted = dict.fromkeys(name for name in names if name not in presets)
    for glob in (glob for rule in desired.rules for glob in rule.models):
        if not any(fnmatchcase(name, glob) for name in (*wanted, *presets, *MODELS)) and (name := _example(glob)):
            wanted[name] = None
    return tuple(wanted)


def missing(desired: Desired, selection: Selection, services: str | None = ANYWHERE) -> Desired:
    """Return what the selected entries name and would find on the live server only, as a stack of its own.

    Entries that are not selected are taken as they are written. Of an object that no manifest describes there is
    nothing but its name, and of a kind that needs more than a name, such as a prompt, there is no stand-in: the plan
    says what is missing then.
    """
    found: dict[str, Entry] = {}
    pending = [entry for address, entry in desired.entries.items() if address in selection]
    uses = [(kind, key) for entry in pending for kind, key in _names(entry)]
    uses += [(use.kind, use.key) for job in desired.jobs.values() for use in named_by_job(job)]
    uses += [("tool", name) for job in desired.jobs.values() for name in job.spec.get("tools", ())]
    uses += [
        (kind, key) for rule in desired.rules for kind, key in KINDS["model"].field("access").references(rule.access)
    ]
    while uses:
        kind, key = uses.pop()
        server = tool_server(key, services) if kind == "tool" and services else None
        if server:
            kind, key = "setting", server.key
        address = f"{kind}/{key}"
        is_there = address in desired.entries and address in selection
        if address in found or is_there or kind not in KINDS or by_id(key) or address == f"user/{ADMIN_EMAIL}":
            continue
        entry = desired.entries.get(address) or server or Entry(kind, key, _BARE.get(kind, {}), _NOWHERE)
        entry = with_stubs(entry, services) if services else entry
        if kind == "model" and not entry.values.get("base"):
            continue  # The provider offers it.
        if not KINDS[kind].missing(key, entry.values):
            found[address] = _with_account(entry)
            uses += _names(entry)
    return Desired(STACK, found)


def assumed(desired: Desired, selection: Selection, services: str | None = ANYWHERE) -> tuple[str, ...]:
    """Return the addresses of what the live server has to have, as no manifest makes it: a slip may be among them."""
    made_up = [address for address in missing(desired, selection, services).entries if address not in desired.entries]
    return (*sorted(made_up), *sorted(f"model/{name}" for name in offered(desired)))


def _names(entry: Entry) -> Iterable[tuple[str, str]]:
    return [(use.kind, use.key) for use in named_by(entry)]


def _with_account(entry: Entry) -> Entry:
    """Return an entry that the server can create now, although on the live one somebody else creates it."""
    needed = KINDS[entry.kind].lifecycle.create_requires
    if needed is None or needed in entry.values:
        return entry
    name = f"{entry.address} {needed}"
    return replace(entry, values={**entry.values, needed: Secret(placeholder(entry.key), {"$secret": name})})


def _without_doors(entry: Entry) -> Entry:
    if entry.kind != "setting":
        return entry
    return replace(entry, values={path: value for path, value in entry.values.items() if not is_door(path)})


def _example(glob: str) -> str | None:
    """Return a name that a pattern fits, or None for a pattern that is not that simple."""
    name = glob.replace("*", "any").replace("?", "x")
    return name if fnmatchcase(name, glob) else None
