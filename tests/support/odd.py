"""Three and more of everything with values that YAML, JSON or a terminal could choke on, and access of every shape."""

from __future__ import annotations

from itertools import cycle
from pathlib import Path
from typing import Any

from tests.support.filled import grant, make_folder, make_prompt, share, shared
from tests.support.server import Server
from tests.support.stored import make_knowledge

TEXTS = (
    *("no", "1e3", "2026-11-29", "~", "null", "0o17", "12:30:45", "<<", "=", ".inf", "1_000", "0x1F", "off", "''"),
    *(" leading", "trailing ", "\ttab\t", "crlf\r\nends\r\n", "cr\ronly", "  \n  ", "\n", "ends with a blank \n\n"),
    *("a/b#c: d", "- x", "? y", "| z", "> f", "@at", "`tick`", "%", "&a *b", "!secret X", "{a: [b", "key: value # no"),
    *("{{name}} {{x | text}} ${HOME} $${y}", "'single' \"double\" \\back\\n", "---\na: b\n---\n", "# Title\n\n...\n"),
    *(
        "\u200f\u05e9\u05dc\u05d5\u05dd\u200e (rtl)",
        "\u202eevom",
        "\U0001f600\U0001f469\u200d\U0001f52c",
        "e\u0301 \u00e9",
    ),
    *("bell \x07 and escape \x1b[31m", "\u2028 \u2029 \x85", "\ufeffbom", "\x7f", "wide \u3000 blank", "x" * 20_000),
)
NESTED: dict[str, Any] = {
    "team": "no",
    "list": [1, 1.0, -0.0, 1e300, True, "true", [], {}, [["a"], {"b": [{"c": "d"}]}]],
    "deep": {"a": {"b.c": {"d e": {"1": {"null": {"~": "x"}}}}}},
    "": "no key",
    "date": "2026-11-29",
    "empty": "",
}
_TOOL = '''"""
title: {title}
version: 1.0
description: from the front matter: with a colon
"""
from typing import Literal, Optional

from pydantic import BaseModel, Field


class Tools:
    class Valves(BaseModel):
        a_text: str = "x"
        a_number: float = 0.5
        count: int = 1
        switch: bool = True
        maybe: Optional[str] = "set"
        names: list[str] = Field(default=["a"])
        table: dict = Field(default_factory=dict)
        mode: Literal["fast", "slow"] = "fast"
        needed: str = ""

    def __init__(self) -> None:
        self.valves = self.Valves()

    def say(self, words: str) -> str:
        """
        Say {{words}}.
        :param words: \N{ZERO WIDTH JOINER} # odd
        """
        return words
'''


def fill_odd(server: Server, folder: Path) -> None:
    """Put odd objects of every kind on a server.

    Args:
        folder: for the documents of knowledge bases.
    """
    people = [server.user(name).id for name in ("o'brien", "x.y-z_1", "ünï")]
    groups = [_group(server, name, people) for name in ("no", "1e3", "a/b: c # d", " padded ", "\U0001f600 ‏שלום")]
    shapes = cycle(_accesses(server, groups, people))
    _sources(server, shapes)
    _texts(server, shapes)
    _models(server, shapes, groups)
    _knowledge(server, folder, shapes)
    _own(server)


def _accesses(server: Server, groups: list[str], people: list[str]) -> list[list[dict[str, str]]]:
    everyone = grant("user", "*")
    both = [grant("group", groups[0]), grant("group", groups[0], "write")]
    newer = [] if server.old else [[everyone, grant("user", "*", "write")], [*both, everyone]]
    return [
        *newer,
        [],
        [everyone],
        [grant("group", groups[1])],
        both,
        [grant("user", people[0])],
        [grant("user", people[0], "write")],
        [*both, grant("group", groups[2]), grant("user", people[1]), grant("user", people[2], "write")],
        [grant("group", groups[3], "write"), grant("user", people[1])],
    ]


def _group(server: Server, name: str, people: list[str]) -> str:
    body = {"name": name, "description": TEXTS[len(name) % len(TEXTS)]}
    id = str(server.post("/api/v1/groups/create", body)["id"])
    server.post(f"/api/v1/groups/id/{id}/users/add", {"user_ids": people[: len(name) % 4]})
    data = None if server.old else {"config": {"share": "members" if len(name) % 2 else False}}
    permissions = {"chat": {"delete": True, "edit": False}}
    server.post(f"/api/v1/groups/id/{id}/update", {**body, "permissions": permissions, "data": data})
    return id


def _sources(server: Server, shapes: Any) -> None:
    valves: list[dict[str, Any]] = [
        {"a_text": "", "a_number": 1e-9, "count": -(2**40), "switch": False, "names": [], "mode": "slow"},
        {"a_text": "no", "maybe": None, "names": ["", " ", "no", "1"], "table": {"a": [None, {"b": ""}], "": 0}},
        {"a_text": TEXTS[17], "needed": "\u202e", "names": list(TEXTS[:5]), "table": NESTED, "count": 0},
    ]
    titles = ("no", "a: b # c", "\U0001f600")
    for number, (title, values) in enumerate(zip(titles, valves, strict=True)):
        content = _TOOL.format(title=title)
        content = content.replace("\n", "\r\n") if number == 1 else content + "  \n\n" * number
        body: dict[str, Any] = {"id": f"odd_{number}", "name": TEXTS[number], "content": content}
        meta = {"description": TEXTS[14 + number], **({"odd": NESTED} if number else {})}
        server.post("/api/v1/tools/create", {**body, "meta": meta, **shared(server, next(shapes))})
        server.post(f"/api/v1/tools/id/odd_{number}/valves/update", values)
        code = content.replace("class Tools", "class Filter").replace("def say", "def inlet")
        body = {"id": f"odd_f{number}", "name": TEXTS[20 + number], "content": code, "meta": meta}
        server.post("/api/v1/functions/create", body)
        server.post(f"/api/v1/functions/id/odd_f{number}/valves/update", values)
        for flag in ("toggle", "toggle/global")[:number]:
            server.post(f"/api/v1/functions/id/odd_f{number}/{flag}")


def _texts(server: Server, shapes: Any) -> None:
    """Make prompts, skills and channels of odd texts."""
    for number, text in enumerate(TEXTS[1::3]):
        tags = [tag for tag in (TEXTS[number][:20].strip(), "a tag") if tag]
        make_prompt(server, f"odd-{number}", TEXTS[-number - 1][:200], text, next(shapes), tags=tags)
    for number, text in enumerate(() if server.old else TEXTS[::5]):
        skill: dict[str, Any] = {
            "id": f"odd-{number}",
            "name": text[:100],
            "description": TEXTS[number],
            "is_active": number % 2 == 0,
        }
        files = [{"path": "SKILL.md", "content": text}, {"path": f"a b/{number}.txt", "content": TEXTS[-number - 1]}]
        part = {"files": files} if number % 2 and server.version >= (0, 12) else {"content": text}
        skill |= {"meta": {"tags": ["no", "ü", " "]}, "access_grants": next(shapes)}
        server.post("/api/v1/skills/create", {**skill, **part})
    for number, text in enumerate(TEXTS[:5]):
        channel = {"name": f"odd {text.strip()[:10]} {number}", "description": TEXTS[-number - 1], "is_private": None}
        server.post("/api/v1/channels/create", {**channel, **shared(server, next(shapes))})


def _models(server: Server, shapes: Any, groups: list[str]) -> None:
    for number, id in enumerate(("no", "1e3", "2026-11-29", "a/b:c#d", "\U0001f600", "~", "!s")):
        params = {"system": TEXTS[number * 3], "stop": [TEXTS[5], ""], "temperature": number / 10, "odd": NESTED}
        params |= {} if number else {"texts": list(TEXTS)}
        meta: dict[str, Any] = {
            "description": TEXTS[number + 10],
            "tags": [{"name": "no"}, {"name": "1e3"}],
            "suggestion_prompts": [{"content": TEXTS[number * 2]}, {"content": "x", "title": ["a", "b"]}],
            "capabilities": {"vision": False, "odd one": True},
            "toolIds": ["odd_0", "odd_1"],
            "filterIds": ["odd_f1"],
            "odd": NESTED,
        }
        body = {"id": id, "name": TEXTS[number + 3], "base_model_id": "gpt-4.1", "meta": meta, "params": params}
        server.post("/api/v1/models/create", {**body, "is_active": number % 2 == 0, **shared(server, next(shapes))})


def _knowledge(server: Server, folder: Path, shapes: Any) -> None:
    for number, name in enumerate(("no", "1e3", "a/b: #c", " padded ", "\U0001f600")):
        document = folder / f"ödd {number} #1 'q' {{x}}.md"
        document.write_text(f"# {number}\n{TEXTS[number + 20]}\n", encoding="utf-8")
        make_knowledge(server, name, document)
    for row in server.get("/api/v1/knowledge/")["items"]:
        if row["name"] in ("no", "1e3", "a/b: #c", " padded ", "\U0001f600"):
            share(server, "knowledge", row, next(shapes))


def _own(server: Server) -> None:
    """Make notes and folders of the account."""
    for number, title in enumerate(("no", "1e3", "a/b: #c", " padded ", "\U0001f600", "2026-11-29 x")):
        server.post("/api/v1/notes/create", {"title": title, "data": {"content": {"md": TEXTS[number * 4]}}})
    for number, name in enumerate(("1e3", "2026-11-30", "# hash: x", "\U0001f600 padded")):
        outer = make_folder(server, name, meta={"icon": "fire"})
        make_folder(server, "inner: no", outer, data={"system_prompt": TEXTS[number + 15]})
