"""Numbered sources of a report, and the check that it names no others."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from owui_sync.client.shapes import Row

_NUMBERS = re.compile(r"\s?\[(\d+(?:\s*[,;]\s*\d+)*)\](?!\()")
_LINK = re.compile(r"\[([^\]]+)\]\((https?://[^)\s]+)[^)]*\)")
_URL = re.compile(r"https?://[^\s<>\"'\])]+")
_NOT_RETRIEVED = "(address left out: it is not among the sources)"


@dataclass(slots=True)
class CitedSource:
    """Something that findings rest on.

    Attributes:
        key: what tells it from others: an address, or an id.
        name: what it is called.
        url: its address, or None.
        texts: the passages that were retrieved.
    """

    key: str
    name: str
    url: str | None = None
    texts: list[str] = field(default_factory=list)

    def item(self) -> Row:
        """Return the source as the page wants it in a message."""
        about = {"source": self.url or self.key, "name": self.name}
        place = {"url": self.url} if self.url else {}
        return {
            "source": {"id": self.key, "name": self.name, **place},
            "document": list(self.texts),
            "metadata": [about for _ in self.texts],
        }


@dataclass(frozen=True, slots=True)
class Checked:
    """A text whose citations were checked.

    Attributes:
        text: the text without what cannot be shown.
        removed: what was taken out: numbers such as `[9]`, and addresses.
    """

    text: str
    removed: tuple[str, ...]


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
    """Return the sources of several findings in their order, each once, `most` at the most."""
    found: dict[str, CitedSource] = {}
    for group in groups:
        for source in group:
            known = found.setdefault(source.key, CitedSource(source.key, source.name, source.url))
            known.texts += [text for text in source.texts if text not in known.texts]
    return list(found.values())[:most]


def checked(text: str, sources: list[CitedSource]) -> Checked:
    """Return the text without numbers that no source has, and without addresses that were not retrieved."""
    removed: list[str] = []
    urls = {source.url.rstrip("/") for source in sources if source.url}

    def number(found: re.Match[str]) -> str:
        given = re.split(r"\s*[,;]\s*", found[1])
        good = [one for one in given if 1 <= int(one) <= len(sources)]
        removed.extend(f"[{one}]" for one in given if one not in good)
        return (" " if found[0][0].isspace() else "") + "".join(f"[{one}]" for one in good) if good else ""

    def link(found: re.Match[str]) -> str:
        return found[0] if kept(found[2]) else found[1]

    def address(found: re.Match[str]) -> str:
        bare = found[0].rstrip(".,;:!?")
        return found[0] if kept(bare) else _NOT_RETRIEVED + found[0][len(bare) :]

    def kept(url: str) -> bool:
        good = url.rstrip("/") in urls
        if not good:
            removed.append(url)
        return good

    text = _URL.sub(address, _LINK.sub(link, text))
    return Checked(_NUMBERS.sub(number, text), tuple(dict.fromkeys(removed)))
