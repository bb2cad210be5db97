"""`AsyncOpenWebUIClient`: everything that a program does with an Open WebUI, as methods of one class.

One file per area. Each method is made of calls of `owui_sync.client.api`; here is what the areas return, and how they
fail. `OpenWebUIClient` (`owui_sync.client.sync`) is derived from this class.
"""

from __future__ import annotations

from owui_sync.client.facade.chat_management import ChatManagement
from owui_sync.client.facade.chats import Chats
from owui_sync.client.facade.files import Files
from owui_sync.client.facade.folders import Folders
from owui_sync.client.facade.knowledge import Knowledge
from owui_sync.client.facade.models import Models
from owui_sync.client.facade.notes import Notes
from owui_sync.client.facade.prompts import Prompts
from owui_sync.client.facade.research import Research
from owui_sync.client.facade.rounds import Rounds
from owui_sync.client.facade.runs import Runs
from owui_sync.client.facade.users import Users


class AsyncOpenWebUIClient(
    ChatManagement, Chats, Files, Folders, Knowledge, Models, Notes, Prompts, Research, Rounds, Runs, Users
):
    """A client for Open WebUI, for programs with an event loop.

    A method that fails returns None, False or an empty value, as its documentation says, and logs the cause to the
    logger `owui_sync.client`; with `raise_on_error=True` it raises a typed error of `owui_sync.client.errors` instead.
    Use it with `async with`, or call `close`. One client works in one event loop, in any number of tasks.

    Every method that asks the server takes `timeout`, by name: the seconds for all that it sends, of an `httpx.Timeout`
    its longest time. They take the place of the time that the client gives to each request, which may be shorter; with
    None each request has that time, and the call as many of them as it takes.
    """
