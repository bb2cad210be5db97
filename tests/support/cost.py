"""What a conversation with a server costs in requests, however fast the machine is.

How often one has to look for an answer depends on the machine. So each question counts with the two requests that the
last look takes: whether the server is done, and what the chat says then. Renewals of the lock, which depend on the
machine too, count for nothing. The pages of the list of users, which other tests make longer, count as one, and so does
the search for a title, which takes more than a page of chats where other tests have made so many.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from tests.support.proxy import Proxy

ASKS = "POST /api/chat/completions"
LOOKS = "GET /api/tasks/chat/"
READS = "GET /api/v1/chats/"
RENEWS = "POST /api/v1/models/model/update"
USERS = "GET /api/v1/users/"
SEARCHES = "GET /api/v1/chats/list/user/"


def passed(proxy: Proxy) -> list[str]:
    """Method and path of the requests that passed, without their queries."""
    return [f"{method} {path.partition('?')[0]}" for method, path in proxy.seen]


def cost(requests: Sequence[str]) -> int:
    """How many they are when each question is answered at the first look."""
    renewals, more_pages = requests.count(RENEWS), max(0, requests.count(USERS) - 1)
    searches = [before for before, one in pairwise(requests) if one.startswith(SEARCHES)]
    in_search = len(searches) + sum(before.endswith("/user/status") for before in searches)
    looks = [request for request in requests if request.startswith(LOOKS)]
    seen = [one for before, one in pairwise(requests) if before.startswith(LOOKS) and one.startswith(READS)]
    questions = sum(before.startswith(ASKS) and one.startswith(LOOKS) for before, one in pairwise(requests))
    return len(requests) - 2 * renewals - more_pages - in_search - len(looks) - len(seen) + 2 * questions
