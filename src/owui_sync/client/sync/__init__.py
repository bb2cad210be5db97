"""`OpenWebUIClient`: the same methods as those of `AsyncOpenWebUIClient`, for programs without an event loop.

The files of the areas are made by `make client` from the asynchronous ones; do not edit them.
"""

from __future__ import annotations

from owui_sync.client.sync.chat_management import ChatManagement
from owui_sync.client.sync.chats import Chats
from owui_sync.client.sync.files import Files
from owui_sync.client.sync.folders import Folders
from owui_sync.client.sync.knowledge import Knowledge
from owui_sync.client.sync.models import Models
from owui_sync.client.sync.notes import Notes
from owui_sync.client.sync.prompts import Prompts
from owui_sync.client.sync.research import Research
from owui_sync.client.sync.rounds import Rounds
from owui_sync.client.sync.runs import Runs
from owui_sync.client.sync.users import Users


class OpenWebUIClient(
    ChatManagement, Chats, Files, Folders, Knowledge, Models, Notes, Prompts, Research, Rounds, Runs, Users
):
    """A client for Open WebUI, for any program, with and without threads and event loops.

    A method that fails returns None, False or an empty value, as its documentation says, and logs the cause to the
    logger `owui_sync.client`; with `raise_on_error=True` it raises a typed error of `owui_sync.client.errors` instead.
    Use it with `with`, or call `close`; a client that is forgotten closes itself.

    Every method that asks the server takes `timeout`, by name: the seconds for all that it sends, of an `httpx.Timeout`
    its longest time. They take the place of the time that the client gives to each request, which may be shorter; with
    None each request has that time, and the call as many of them as it takes.
    """
