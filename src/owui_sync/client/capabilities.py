"""What the versions of Open WebUI can do, in one table. Kinds and the plain API ask it, nothing else does.

The value of a feature is the first version that has it (beside its name). Where only the tested versions are
known, it is the first tested one, so that a version between two of them is handled as its nearest lower neighbour.
Sources: calls to real servers of the tested versions, the change log, the dates of migrations.
"""

from __future__ import annotations

from enum import Enum

from owui_sync.client.reader import Reader
from owui_sync.client.versions import Version, detect
from owui_sync.errors import OwuiSyncError


class Feature(Enum):
    """One thing that not every version can do."""

    GRANTS = "grants", "0.8.0"
    """Access is a list `access_grants`; before, `access_control` (null public, {} private, or ids by permission)."""

    ACCESS_ROUTES = "access_routes", "0.8.0"
    """`.../access/update` of models, prompts, knowledge bases, tools, notes and skills."""

    FOLDER_ACCESS = "folder_access", "0.10.0"
    """Folders can be shared, and an administrator reaches the folders of others by id."""

    ACCESS_APART = "access_apart", "0.12.4"
    """`.../update` ignores access; before, it takes `access_grants`, and some versions need them or reset them."""

    PROMPT_IDS = "prompt_ids", "0.8.0"
    """Prompts have ids, names, tags, an active flag and versions; before, `/command` is the id and `title` the name."""

    MODELS_ALL = "models_all", "0.11.4"
    """`GET /models/all` has presets and overrides in one list; before, `/models/export` and `/models/base`."""

    NO_CAPABILITIES = "no_capabilities", "0.8.0"
    """A model without capabilities answers; 0.7 fails every chat with one whose capabilities are null."""

    HISTORIES = "histories", "0.12.0"
    """Models, tools and functions have versions with messages (prompts since `PROMPT_IDS`)."""

    MCP_FAILURES = "mcp_failures", "0.12.4"
    """A message tells that an MCP server did not answer; before, only a page that is open at that moment learns it."""

    PARTIAL_USER = "partial_user", "0.10.2"
    """`POST /users/{id}/update` takes single fields; before, role, name, e-mail and picture are all required."""

    USER_PREVIEW = "user_preview", "0.9.6"
    """`GET /users/{id}/preview` tells what a user may see, and how many knowledge bases there are in all."""

    PERMISSION_DEFAULTS = "permission_defaults", "0.10.0"
    """`GET /users/default/permissions/defaults` tells what the server starts with."""

    GROUP_DATA_MERGED = "group_data_merged", "0.12.0"
    """`data` of a group is merged on update; before, it is replaced."""

    FOLDER_PARENT_AT_CREATE = "folder_parent_at_create", "0.8.0"
    """A folder is created below its parent; before, it must be moved there by a second call."""

    NOTE_META_AT_UPDATE = "note_meta_at_update", "0.11.0"
    """`meta` can be sent to a note whose `meta` is null."""

    KNOWLEDGE_DIRECTORIES = "knowledge_directories", "0.9.6"
    """Directories in knowledge bases, `sync/diff`, `file/move`, `meta.file_hash`."""

    FILE_RENAME = "file_rename", "0.10.0"
    """Files can get another name."""

    KNOWLEDGE_LINKS = "knowledge_links", "0.11.4"
    """An upload with `knowledge_id` is put into that base when it is indexed for it; 0.10.2 puts it there in any case
    and hides the failure, before 0.9.6 the words mean nothing."""

    KNOWLEDGE_CLEANUP = "knowledge_cleanup", "0.11.4"
    """`sync/cleanup` keeps files that another knowledge base holds; 0.10.2 deletes them."""

    KNOWLEDGE_FILE_PLACES = "knowledge_file_places", "0.12.4"
    """The list of a knowledge base's files says which directory each lies in."""

    STORED_TURNS = "stored_turns", "0.10.2"
    """The server stores both messages of a turn by itself, and stops what a chat is busy with by the chat's id."""

    LIVE_TURNS = "live_turns", "0.11.4"
    """What has come of an answer can be read in the chat while the server works on it."""

    PARALLEL_TURNS = "parallel_turns", "0.12.0"
    """Several models answer into one chat at once; before, they overwrite what the others have stored."""

    HISTORY_MERGED = "history_merged", "0.10.2"
    """Messages written to a chat are merged into its history; before, they replace it."""

    FLAT_CONFIG = "flat_config", "0.10.0"
    """`GET /configs/export` has every setting under a dotted key, and `configs/import` takes single ones."""

    NO_SUGGESTIONS = "no_suggestions", "0.11.0"
    """New chats have no suggestions of the server; before, it begins with six of its own."""

    AUTOMATIONS = "automations", "0.9.0"
    """Automations."""

    CHAT_EXPORT = "chat_export", "0.8.0"
    """`GET /chats/all` works; before, it answers with an error."""

    SKILLS = "skills", "0.8.0"
    """Skills."""

    SKILL_FILES = "skill_files", "0.12.4"
    """A skill is a folder of files, and has versions; before, one text."""

    TOOL_META = "tool_meta", "0.12.4"
    """Tools keep what is sent in `meta`; before, only the description."""

    EVENT_FUNCTIONS = "event_functions", "0.10.2"
    """Functions may be events; before, pipes, filters and actions."""

    ADMIN_FROM_ENVIRONMENT = "admin_from_environment", "0.8.0"
    """The first administrator comes from `WEBUI_ADMIN_*`; before, the first sign-up becomes it."""

    def __init__(self, name: str, since: str) -> None:
        self.since = Version.parse(since)

    @property
    def words(self) -> str:
        """For a message: `Open WebUI 0.8.0 or newer`."""
        return f"Open WebUI {self.since} or newer"


async def version_of(reader: Reader) -> Version:
    """Return the version of the server. One request the first time, none after it."""
    if reader.version is None:
        reader.version = await detect(reader)
    return reader.version


async def can(reader: Reader, feature: Feature) -> bool:
    """Return whether the server can do something. One request the first time that anything is asked, none after it."""
    return await version_of(reader) >= feature.since


class TooOld(OwuiSyncError):
    """The server runs a version that cannot do what is asked of it; nothing was sent."""


async def require(reader: Reader, feature: Feature, what: str) -> None:
    """Raise `TooOld` when the server cannot do something; `what` begins the message. Requests: as `can`."""
    if not await can(reader, feature):
        raise TooOld(
            f"{what} needs {feature.words}, and the server runs {reader.version}", hint="leave it out, or upgrade"
        )
