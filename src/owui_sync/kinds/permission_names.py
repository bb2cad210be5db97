"""The names of permissions that a server knows, for default permissions and groups alike."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from owui_sync.address import FieldPath, field_of
from owui_sync.kinds.names import IdIndex
from owui_sync.wording import did_you_mean

NAMES = "permission"
"""What `IdIndex` calls the permissions that the server knows: `chat.delete` is key and id."""

SINCE: dict[str, str] = {
    **dict.fromkeys(("features.memories", "settings.interface"), "0.7.2"),
    **dict.fromkeys(
        (
            *("workspace.skills", "sharing.skills", "sharing.public_skills", "access_grants.allow_users"),
            "chat.web_upload",
        ),
        "0.8.12",
    ),
    **dict.fromkeys(
        ("sharing.public_chats", "sharing.public_calendars", "features.automations", "features.calendar"), "0.9.6"
    ),
    **dict.fromkeys(
        ("workspace.skills_import", "workspace.skills_export", "chat.import", "features.webhooks"), "0.10.2"
    ),
    **dict.fromkeys(("sharing.folders", "sharing.open_chats", "access_grants.allow_groups"), "0.11.4"),
    **dict.fromkeys(("workspace.models_hidden", "features.encrypted_channels"), "0.12.4"),
}
"""Permission -> the first tested version that knows it, for those that not all tested versions know. Only for messages:
what a server knows is what it answers."""


def flat(sections: Mapping[str, Mapping[str, bool]]) -> Iterator[tuple[str, bool]]:
    """Yield `section.name` and whether it is allowed."""
    for section, some in sections.items():
        for name, allowed in some.items():
            yield f"{section}.{name}", allowed


def name_all(sections: Mapping[str, Mapping[str, bool]], names: IdIndex) -> None:
    """Add the permissions that a server has: what is no default permission means nothing in a group either."""
    for path, _ in flat(sections):
        names.add(NAMES, path, path)


def is_known(path: str, names: IdIndex) -> bool:
    """Return whether the server has a permission such as `chat.delete`, as far as it was asked."""
    known = names.keys(NAMES)
    return not known or path in known


def unknown(path: str) -> str:
    """Return what is wrong with a permission that the server does not have."""
    return f"the server knows no permission `{path}`"


def meant(path: str, known: list[str]) -> str:
    """Return which version knows it, or what was meant, and in any case what this server knows."""
    section, paths = field_of(path), list(map(FieldPath.parse, known))
    beside = [other.leaf for other in paths if other.field == section]
    sections = ", ".join(sorted({other.field for other in paths}))
    here = f"in `{section}` it knows {', '.join(sorted(beside))}" if beside else f"it knows the sections {sections}"
    if path in SINCE:
        return f"Open WebUI {SINCE[path]} knows it; of this server: {here}"
    hint = did_you_mean(path, known)
    return f"{hint} Of this server: {here}" if hint else here
