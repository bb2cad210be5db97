"""A search engine, and the web that it searches: pages that a test brings, and pages on whatever is searched for."""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from owui_sync.sandbox.provider.embeddings import similarity
from owui_sync.sandbox.stubs.answer import StubAnswer, StubRequest

_FITS = 0.15
"""How close a page that a test brought must be to what is searched for."""
_LONGEST = 120
"""Characters of a query that titles of made-up pages have."""
_COUNT = 10
"""How many results SearXNG gives, which is not told how many are wanted."""

_ASPECTS = {
    "an overview": "{topic}: this page of the sandbox gives an overview. Nothing of it is true of the real world.",
    "figures": "The figures on {topic} are made up: the sandbox counts seven of them on this page.",
    "opinions": "Opinions on {topic} differ: this page of the sandbox is in favour of it.",
}


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the web.

    Args:
        title: its title, which is its address too.
        text: what it says.
    """

    title: str
    text: str

    @property
    def path(self) -> str:
        """Where it is."""
        return f"/pages/{quote(self.title, safe='')}"

    @property
    def html(self) -> str:
        """The page as it is served."""
        title, text = html.escape(self.title), html.escape(self.text)
        return (
            f"<!doctype html>\n<html lang='en'>\n<head><title>{title}</title></head>\n"
            f"<body>\n<h1>{title}</h1>\n<p>{text}</p>\n</body>\n</html>\n"
        )


class Web:
    """All pages, and the search for them.

    Args:
        origin: where it is served, such as `http://127.0.0.1:9080`.
    """

    def __init__(self, origin: str) -> None:
        self._origin = origin
        self._pages: dict[str, Page] = {}

    def reset(self) -> None:
        """Forget the pages that a test brought."""
        self._pages = {}

    def add(self, document: dict[str, Any]) -> int:
        """Take pages; return how many there are.

        Raises:
            LookupError, TypeError: the document is no `{"pages": [{"title", "text"}, ...]}`.
        """
        pages = [Page(str(row["title"]), str(row["text"])) for row in document["pages"]]
        self._pages = {**self._pages, **{page.title: page for page in pages}}
        return len(self._pages)

    def answer_search(self, request: StubRequest) -> StubAnswer:
        """Return the answer to a search: in the form of the `external` engine to a POST, of SearXNG to a GET."""
        asked = request.query if request.method == "GET" else request.body
        query = str(asked.get("q") or asked.get("query") or "") if isinstance(asked, dict) else ""
        noted = {"query": query}
        if request.method == "GET":
            rows = [
                {"url": self._address(page), "title": page.title, "content": page.text, "score": 1 / (place + 1)}
                for place, page in enumerate(self._found(query)[:_COUNT])
            ]
            return StubAnswer({"query": query, "results": rows}, noted=noted)
        count = int(asked.get("count") or _COUNT) if isinstance(asked, dict) else _COUNT
        pages = self._found(query)[:count]
        return StubAnswer(
            [{"link": self._address(page), "title": page.title, "snippet": page.text} for page in pages], noted=noted
        )

    def answer_page(self, request: StubRequest) -> StubAnswer:
        """Return a page."""
        title = "/".join(request.parts[1:])
        topic, _, aspect = title.rpartition(": ")
        page = self._pages.get(title) or (_made_up(topic, aspect) if topic and aspect in _ASPECTS else None)
        if page is None:
            return StubAnswer("<!doctype html><title>No such page</title>", 404, {"title": title})
        return StubAnswer(page.html, noted={"title": title})

    def _found(self, query: str) -> list[Page]:
        """Return the pages for a query, the best first: those that were brought if any fits, else some on its topic."""
        if not query.strip():
            return []
        scored = [(similarity(f"{page.title} {page.text}", query), page) for page in self._pages.values()]
        fitting = sorted((each for each in scored if each[0] >= _FITS), key=lambda each: -each[0])
        topic = " ".join(query.split())[:_LONGEST].rstrip(" .?!")
        return [page for _, page in fitting] or [_made_up(topic, aspect) for aspect in _ASPECTS]

    def _address(self, page: Page) -> str:
        return self._origin + page.path


def _made_up(topic: str, aspect: str) -> Page:
    return Page(f"{topic}: {aspect}", _ASPECTS[aspect].format(topic=topic))
