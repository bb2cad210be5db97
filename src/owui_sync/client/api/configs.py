"""The server's settings: forms with the fields of one area each, and the store behind all of them.

A form is read whole and written whole: what a POST leaves out is kept, set to null or set to the server's choice,
depending on form, field and version. The store is flat since 0.10 and has every key; before, it is nested and has only
what somebody once changed.
"""

from __future__ import annotations

from typing import Any, Final

from owui_sync.client.reader import Reader
from owui_sync.client.shapes import Row, as_row, as_rows, segment
from owui_sync.client.writer import Writer

_EXPORT = "/api/v1/configs/export"
_IMPORT = "/api/v1/configs/import"
_PERSISTENT = "/api/v1/configs/namespace/u_"

_CONFIGS = "/api/v1/configs"
_AUTHS = "/api/v1/auths/admin/config"

_BANNERS = f"{_CONFIGS}/banners"
_WEBHOOKS = "/api/events/webhooks"

FORMS: Final[dict[str, tuple[str | None, str]]] = {
    "general": (_AUTHS, _AUTHS),
    "ldap": (f"{_AUTHS}/ldap", f"{_AUTHS}/ldap"),
    "ldap_server": (f"{_AUTHS}/ldap/server", f"{_AUTHS}/ldap/server"),
    "oauth": (f"{_AUTHS}/oauth", f"{_AUTHS}/oauth"),
    "openai": ("/openai/config", "/openai/config/update"),
    "ollama": ("/ollama/config", "/ollama/config/update"),
    "connections": (f"{_CONFIGS}/connections", f"{_CONFIGS}/connections"),
    "code_execution": (f"{_CONFIGS}/code_execution", f"{_CONFIGS}/code_execution"),
    "tool_servers": (f"{_CONFIGS}/tool_servers", f"{_CONFIGS}/tool_servers"),
    "terminal_servers": (f"{_CONFIGS}/terminal_servers", f"{_CONFIGS}/terminal_servers"),
    "models": (f"{_CONFIGS}/models", f"{_CONFIGS}/models"),
    "subagents": (f"{_CONFIGS}/subagents", f"{_CONFIGS}/subagents"),
    "interface": (None, f"{_CONFIGS}/interface/visibility"),
    "retrieval": ("/api/v1/retrieval/config", "/api/v1/retrieval/config/update"),
    "embedding": ("/api/v1/retrieval/embedding", "/api/v1/retrieval/embedding/update"),
    "images": ("/api/v1/images/config", "/api/v1/images/config/update"),
    "audio": ("/api/v1/audio/config", "/api/v1/audio/config/update"),
    "tasks": ("/api/v1/tasks/config", "/api/v1/tasks/config/update"),
    "evaluation": ("/api/v1/evaluations/config", "/api/v1/evaluations/config"),
    "chats": ("/api/v1/chats/config", "/api/v1/chats/config"),
}
"""Form -> where it is read (None: only in the export) and written."""


async def export(reader: Reader) -> Row:
    """Return all settings, dotted key -> value, secrets in clear text. One request; since 0.10."""
    return as_row(await reader.get(_EXPORT), "GET", _EXPORT)


async def read(reader: Reader, form: str) -> Row:
    """Return the fields of one form, secrets in clear text. One request.

    Raises:
        KeyError: the form cannot be read by itself.
    """
    path = FORMS[form][0]
    if path is None:
        raise KeyError(form)
    return as_row(await reader.get(path), "GET", path)


async def write(writer: Writer, form: str, body: Row) -> None:
    """Write all fields of one form. One request.

    The answer proves nothing: the server ignores some values with 200, and stores others in spite of 500 (0.8.12 all
    of `retrieval`; all versions `audio` where the local Whisper cannot be loaded). Read it again.
    """
    await writer.update(FORMS[form][1], body)


async def banners(reader: Reader) -> list[Row]:
    """Return the banners: `id`, `type`, `title`, `content`, `dismissible`, `timestamp`. One request."""
    return as_rows(await reader.get(_BANNERS), "GET", _BANNERS, ())


async def set_banners(writer: Writer, rows: list[Row]) -> None:
    """Replace all banners. One request."""
    await writer.update(_BANNERS, {"banners": rows})


async def written_suggestions(reader: Reader) -> list[Row] | None:
    """Return the suggestions of new chats on a server before 0.10, None when nobody ever wrote any. One request.

    The public part of the configuration, which is all that an API key gets, leaves them out.
    """
    found = (await export(reader)).get("ui", {}).get("prompt_suggestions")
    return found if isinstance(found, list) else None


async def set_suggestions(writer: Writer, rows: list[Row] | None, further: Row) -> None:
    """Replace all suggestions. One request.

    Args:
        writer: the client.
        rows: `title` (a list of texts) and `content`; None for the server's own, since 0.11.
        further: `i18n` as it is, which the server drops when it is left out; since 0.11.
    """
    await writer.update(f"{_CONFIGS}/suggestions", {"suggestions": rows, **further})


async def create_webhook(writer: Writer, body: Row) -> Row:
    """Make an event webhook: `name`, `url`, `events`, `enabled`, `targets`. One request; since 0.10."""
    return as_row(await writer.create(_WEBHOOKS, body), "POST", _WEBHOOKS)


async def update_webhook(writer: Writer, id: str, body: Row) -> None:
    """Change fields of an event webhook. One request; since 0.10."""
    await writer.put(f"{_WEBHOOKS}/{segment(id)}", body)


async def delete_webhook(writer: Writer, id: str) -> None:
    """Delete an event webhook. One request; since 0.10."""
    await writer.delete(f"{_WEBHOOKS}/{segment(id)}")


async def put(writer: Writer, values: Row) -> None:
    """Write keys of the store, as `export` names them. One request; since 0.10.

    The server checks nothing here, not even types, and tells no other part of itself of the change.
    """
    await writer.update(_IMPORT, {"config": values})


async def are_kept(reader: Reader) -> bool:
    """Return whether settings outlive a restart of the server (`ENABLE_PERSISTENT_CONFIG`). One request; since 0.10.

    No route says so. The store finds keys by SQL's LIKE, where `_` in a prefix stands for any character; what is only
    kept in memory is found by the prefix itself.
    """
    return bool(await reader.get(_PERSISTENT))


def is_refused_to_keys(field: str) -> bool:
    """Return whether an API key may not send a field of `general` (403 since 0.12), even unchanged."""
    return field == "ENABLE_MFA" or field.startswith("MFA_")


def written_name(form: str, field: str) -> str:
    """Return the name of a field in the body of a POST, which is that of the GET but for one."""
    return "enable_ldap" if form == "ldap" and field == "ENABLE_LDAP" else field


def renamed(form: str, body: Row) -> dict[str, Any]:
    """Return the body of a GET with the names that the POST takes."""
    return {written_name(form, field): value for field, value in body.items()}
