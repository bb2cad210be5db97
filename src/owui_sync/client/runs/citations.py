"""Numbered sources of a report, each once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from owui_sync.client.runs.alike import Content, address_key, content_of
from owui_sync.client.shapes import Row


@dataclass(slots=True)
class CitedSource:
    """Something that findings rest on.

    Attributes:
        key: what tells it from others: an address, or an id.
        name: what it is called.
        url: its address, or None.
        texts: the passages that were retrieved.
        is_answer: whether it is what a model said of itself, so that nothing else is the same source.
        same: keys of further sources that are the same one.
    """

    key: str
    name: str
    url: str | None = None
    texts: list[str] = field(default_factory=list)
    is_answer: bool = False
    same: list[str] = field(default_factory=list)

    @property
    def place(self) -> str:
        """What tells it from others, however it is spelled."""
        return address_key(self.url) if self.url else self.key

    @property
    def addresses(self) -> list[str]:
        """All its addresses."""
        return [key for key in (self.url or "", *self.same) if key.startswith(("http://", "https://"))]

    def item(self) -> Row:
        """Return the source as the page wants it in a message."""
        about = {"source": self.url or self.key, "name": self.name}
        place = {"url": self.url} if self.url else {}
        return {
            "source": {"id": self.key, "name": self.name, **place},
            "document": list(self.texts),
            "metadata": [about for _ in self.texts],
        }


def sources_in(items: Iterable[Mapping[str, Any]]) -> list[CitedSource]:
    """Return the sources of a message, one for each document that was found, its passages together."""
    found: dict[str, CitedSource] = {}
    for item in items:
        about = item.get("source") or {}
        metadata = item.get("metadata") or []
        for number, text in enumerate(item.get("document") or ()):
            data = metadata[number] if number < len(metadata) and isinstance(metadata[number], Mapping) else {}
            place = str(data.get("source") or about.get("url") or "")
            url = place if place.startswith(("http://", "https://")) else None
            key = url or str(data.get("file_id") or about.get("id") or place or about.get("name"))
            name = str(data.get("title") or data.get("name") or about.get("name") or key)
            source = found.setdefault(key, CitedSource(key, name, url))
            if text not in source.texts:
                source.texts.append(str(text))
    return list(found.values())


def numbered(groups: Iterable[Iterable[CitedSource]], most: int | None = None) -> list[CitedSource]:
    """Return the sources of several findings in their order, each once, `most` at the most.

    Two are the same if they have the same key, lead to the same document, or say the same (see `alike`). The passages
    of all of them are kept.
    """
    known = _Known()
    for source in (source for group in groups for source in group):
        known.add(source)
    return known.sources[:most]


def number_of(source: CitedSource, sources: Sequence[CitedSource]) -> int | None:
    """Return the number that a source of a finding has among the numbered ones, counted from 1; None if it has none."""
    numbers = (number for number, one in enumerate(sources, start=1) if source.key in (one.key, *one.same))
    return next(numbers, None)


@dataclass(slots=True)
class _Known:
    """Sources that are known so far, each once: by their places, and by what they say."""

    sources: list[CitedSource] = field(default_factory=list)
    _places: dict[str, CitedSource] = field(default_factory=dict)
    _contents: dict[frozenset[str], list[tuple[Content, CitedSource]]] = field(default_factory=dict)

    def add(self, source: CitedSource) -> None:
        """Add a source, or its passages to the one that it is the same as."""
        content = None if source.is_answer else content_of("\n".join(source.texts))
        known = self._places.get(source.place) or (self._saying(content) if content else None)
        if known is None:
            known = CitedSource(source.key, source.name, source.url, is_answer=source.is_answer)
            self.sources.append(known)
        elif source.key != known.key and source.key not in known.same:
            known.same.append(source.key)
        self._places[source.place] = known
        if content:
            self._contents.setdefault(content.numbers, []).append((content, known))
        known.texts += [text for text in source.texts if text not in known.texts]

    def _saying(self, content: Content) -> CitedSource | None:
        """Return the source that says the same; only what has the same numbers can."""
        others = self._contents.get(content.numbers, ())
        return next((source for other, source in others if content.says_the_same(other)), None)
