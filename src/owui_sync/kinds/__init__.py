"""Every resource kind, each in a file of its own; this registry is the only place that lists them."""

from __future__ import annotations

from owui_sync.kinds.automation import Automation
from owui_sync.kinds.base import Kind
from owui_sync.kinds.channel import Channel
from owui_sync.kinds.folder import Folder
from owui_sync.kinds.function import Function
from owui_sync.kinds.group import Group
from owui_sync.kinds.knowledge import Knowledge
from owui_sync.kinds.model import Model
from owui_sync.kinds.note import Note
from owui_sync.kinds.permissions import Permissions
from owui_sync.kinds.prompt import Prompt
from owui_sync.kinds.settings.setting import Setting
from owui_sync.kinds.skill import Skill
from owui_sync.kinds.tool import Tool
from owui_sync.kinds.user import User

_ALL: tuple[Kind, ...] = (
    *(User(), Group(), Permissions(), Knowledge(), Model(), Prompt(), Note(), Folder()),
    *(Tool(), Function(), Skill(), Channel()),
    Automation(),
    Setting(),
)

KINDS: dict[str, Kind] = {kind.name: kind for kind in _ALL}
"""Singular name -> kind, in the order in which sections stand in a manifest."""

SECTIONS: dict[str, Kind] = {kind.section: kind for kind in _ALL}
"""Manifest section -> kind."""

if len(KINDS) != len(_ALL) or len(SECTIONS) != len(_ALL):
    raise RuntimeError("two kinds share a name or a section")
