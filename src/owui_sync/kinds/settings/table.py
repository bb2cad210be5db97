"""Every field of the settings: its place on the server, type, default and meaning.

`fields.json` has one line for each field. Its facts were measured on servers of the tested versions: every field was
set to another value, and the difference in the export of all settings says where it is stored.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib import resources
from typing import Any, Final

from owui_sync.client.versions import Version
from owui_sync.values import ABSENT, Json

CONFIG: Final = "config"
"""The area of keys of the store that are in no form of the server."""

FLAGS: Final = "flags"
"""What holds the switches of `connections`, which are in several forms of the server."""

DEFAULT_GROUP: Final = "DEFAULT_GROUP"
"""The field that names a group, where the server has its id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingSpec:
    """One field.

    Args:
        area: where a manifest writes it.
        path: its way there; dotted where the area has mappings of fields.
        says: what it means.
        type: of its value: `text`, `boolean`, `integer`, `number`, `texts`, `mapping`, `mappings`, `switches`, or
            several of them.
        export: its key in the export of all settings, since 0.10.
        part: the form of the server that it belongs to; the area when empty.
        default: what a new server has; `ABSENT` where its environment decides.
        before: version -> the default of servers older than that.
        since: the first tested version that has it; None for all.
        nullable: whether null is a value of its own.
        clear: how nothing is written, where the form refuses null and empty texts or takes them for "keep": `empty` (as
            an empty text) or `import` (past the form, into the store).
        secret: whether it is a credential.
        rule: further keywords of its JSON Schema.
    """

    area: str
    path: str
    says: str
    type: str | list[str]
    export: str
    part: str = ""
    default: Any = ABSENT
    before: Mapping[str, Any] = field(default_factory=dict)
    since: str | None = None
    nullable: bool = False
    clear: str = ""
    secret: bool = False
    rule: Json = field(default_factory=dict)

    @property
    def form(self) -> str:
        """The form of the server that it belongs to."""
        return self.part or self.area

    @property
    def steps(self) -> list[str]:
        """The way to it in its form on the server."""
        if self.path == DEFAULT_GROUP:
            return ["DEFAULT_GROUP_ID"]
        return self.path.removeprefix(f"{FLAGS}.").split(".")

    def default_on(self, version: Version) -> Any:
        """Return the default on a server of that version."""
        for since, value in self.before.items():
            if version < Version.parse(since):
                return value
        return self.default


def _load() -> Iterator[SettingSpec]:
    text = resources.files(__package__).joinpath("fields.json").read_text(encoding="utf-8")
    for row in json.loads(text):
        yield SettingSpec(**row)


SPECS: Final = tuple(_load())

BY_AREA: Final[dict[str, tuple[SettingSpec, ...]]] = {
    area: tuple(spec for spec in SPECS if spec.area == area) for area in dict.fromkeys(spec.area for spec in SPECS)
}

BY_EXPORT: Final[dict[str, SettingSpec]] = {spec.export: spec for spec in SPECS}
"""Key in the export -> field."""

SINCE: Final = {"config": "0.10.2", "oauth": "0.10.2", "chats": "0.10.2", "subagents": "0.11.4", "interface": "0.12.4"}
"""Area -> the first tested version that has it, for those that not all have."""

_SECRET_WORDS = ("key", "token", "secret", "password", "credential")


def looks_secret(name: str) -> bool:
    """Return whether the name of an unknown setting sounds like a credential."""
    return any(word in name.lower() for word in _SECRET_WORDS)
