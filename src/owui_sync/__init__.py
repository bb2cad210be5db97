"""owui-sync: configuration as code for Open WebUI, and a client library for it."""

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

__all__ = ["AsyncOpenWebUIClient", "OpenWebUIClient", "__version__"]

_ERRORS = (
    "ApiError ClientClosed ClientError Conflict ConnectionFailed Forbidden Invalid Missing MissingRoute "
    "NotAdministrator NotAnId NotFound NotJson NotOpenWebUI PartialList RateLimited Redirected ServerError TimedOut "
    "TooLarge Unauthorized Uncertain UnknownAnswer WrongType WrongValue"
)
_RESULTS = (
    "ArchiveResult BatchResult ByModel ChatResult ConversationResult KnowledgeBasesResult MetadataResult "
    "ParallelChatResult PermissionsResult ResearchResult TaskResult TodoEntry"
)
_HOMES = {
    "client.chat.errors": "AnswerCut AnswerFailed AnswerSilent",
    "client.chat.keyed_text": "KeyedText",
    "client.errors": _ERRORS,
    "client.facade": "AsyncOpenWebUIClient",
    "client.facade.chat_management": "NothingGenerated",
    "client.facade.settings": "WrongSetting",
    "client.facade.stream": "Stream",
    "client.results": _RESULTS,
    "client.runs.errors": "PlanRefused",
    "client.facade.session": "AsyncSession RawResponse",
    "client.sync": "OpenWebUIClient",
    "client.sync.session": "Session",
    "client.uploads": "FileRefused",
    "errors": "OwuiSyncError UsageError",
}
"""Modules with the names that programs import from here."""

_MODULES = {name: module for module, names in _HOMES.items() for name in names.split()}

if TYPE_CHECKING:
    from owui_sync.client.chat.errors import AnswerCut as AnswerCut
    from owui_sync.client.chat.errors import AnswerFailed as AnswerFailed
    from owui_sync.client.chat.errors import AnswerSilent as AnswerSilent
    from owui_sync.client.chat.keyed_text import KeyedText as KeyedText
    from owui_sync.client.errors import ApiError as ApiError
    from owui_sync.client.errors import ClientClosed as ClientClosed
    from owui_sync.client.errors import ClientError as ClientError
    from owui_sync.client.errors import Conflict as Conflict
    from owui_sync.client.errors import ConnectionFailed as ConnectionFailed
    from owui_sync.client.errors import Forbidden as Forbidden
    from owui_sync.client.errors import Invalid as Invalid
    from owui_sync.client.errors import Missing as Missing
    from owui_sync.client.errors import MissingRoute as MissingRoute
    from owui_sync.client.errors import NotAdministrator as NotAdministrator
    from owui_sync.client.errors import NotAnId as NotAnId
    from owui_sync.client.errors import NotFound as NotFound
    from owui_sync.client.errors import NotJson as NotJson
    from owui_sync.client.errors import NotOpenWebUI as NotOpenWebUI
    from owui_sync.client.errors import PartialList as PartialList
    from owui_sync.client.errors import RateLimited as RateLimited
    from owui_sync.client.errors import Redirected as Redirected
    from owui_sync.client.errors import ServerError as ServerError
    from owui_sync.client.errors import TimedOut as TimedOut
    from owui_sync.client.errors import TooLarge as TooLarge
    from owui_sync.client.errors import Unauthorized as Unauthorized
    from owui_sync.client.errors import Uncertain as Uncertain
    from owui_sync.client.errors import UnknownAnswer as UnknownAnswer
    from owui_sync.client.errors import WrongType as WrongType
    from owui_sync.client.errors import WrongValue as WrongValue
    from owui_sync.client.facade import AsyncOpenWebUIClient
    from owui_sync.client.facade.chat_management import NothingGenerated as NothingGenerated
    from owui_sync.client.facade.session import AsyncSession as AsyncSession
    from owui_sync.client.facade.session import RawResponse as RawResponse
    from owui_sync.client.facade.settings import WrongSetting as WrongSetting
    from owui_sync.client.facade.stream import Stream as Stream
    from owui_sync.client.results import ArchiveResult as ArchiveResult
    from owui_sync.client.results import BatchResult as BatchResult
    from owui_sync.client.results import ByModel as ByModel
    from owui_sync.client.results import ChatResult as ChatResult
    from owui_sync.client.results import ConversationResult as ConversationResult
    from owui_sync.client.results import KnowledgeBasesResult as KnowledgeBasesResult
    from owui_sync.client.results import MetadataResult as MetadataResult
    from owui_sync.client.results import ParallelChatResult as ParallelChatResult
    from owui_sync.client.results import PermissionsResult as PermissionsResult
    from owui_sync.client.results import ResearchResult as ResearchResult
    from owui_sync.client.results import TaskResult as TaskResult
    from owui_sync.client.results import TodoEntry as TodoEntry
    from owui_sync.client.runs.errors import PlanRefused as PlanRefused
    from owui_sync.client.sync import OpenWebUIClient
    from owui_sync.client.sync.session import Session as Session
    from owui_sync.client.uploads import FileRefused as FileRefused
    from owui_sync.errors import OwuiSyncError as OwuiSyncError
    from owui_sync.errors import UsageError as UsageError


def __getattr__(name: str) -> Any:
    """Load what a program asks for when it does: the command line starts faster without it."""
    if name in _MODULES:
        from importlib import import_module

        return getattr(import_module(f"owui_sync.{_MODULES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    """Return the names that there are, for those who explore."""
    return sorted({*globals(), *_MODULES})
