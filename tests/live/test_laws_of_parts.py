"""The laws of `test_laws`, for sources, skills, channels and settings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from owui_sync.plan.options import Options
from owui_sync.sandbox import Sandbox
from owui_sync.sandbox.paths import locked
from tests.live.test_laws import (
    BAG,
    LAW,
    NAME,
    TAGS,
    TEXT,
    USER,
    Example,
    Manifest,
    access,
    essence,
    is_reached_by_any_way,
    settles_in_any_order,
    some,
)
from tests.support.engine import Engine, engine_for
from tests.support.project import Project
from tests.support.proxy import Proxy, proxied
from tests.support.server import Server

pytestmark = pytest.mark.slow

EXPORT = "/api/v1/configs/export"
SOURCE = """{head}
from pydantic import BaseModel

NOTE = {note!r}  # from utils import nothing


class {name}:
    class Valves(BaseModel):
        priority: int = 0
        label: str = "none"
        names: list[str] = []
        share: float = 0.5
        on: bool = False

    def __init__(self) -> None:
        self.valves = self.Valves()

    def inlet(self, body: dict) -> dict:
        return body
"""
HEADS = ["", '"""\ntitle: From the source\nversion: 1\n"""', "# A comment."]
VALVES = some(
    priority=st.integers(-(2**40), 2**40),
    label=TEXT,
    names=st.lists(TEXT, max_size=3),
    share=st.floats(-1e6, 1e6),
    on=st.booleans(),
)


def source(name: str, **more: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    content = st.builds(lambda head, note: SOURCE.format(head=head, name=name, note=note), st.sampled_from(HEADS), TEXT)
    rest = some(name=NAME, description=TEXT, valves=VALVES, meta=BAG, **more)
    return st.builds(lambda content, rest: {"content": content, **rest}, content, rest)


def parts(shared: st.SearchStrategy[Any]) -> dict[str, st.SearchStrategy[dict[str, Any]]]:
    return {
        "tools": source("Tools", access=shared),
        "functions": source("Filter", active=st.booleans(), **{"global": st.booleans()}),
        "skills": some(description=TEXT, content=TEXT, tags=TAGS, active=st.booleans(), access=shared),
        "channels": some(description=TEXT, private=st.booleans(), access=shared),
    }


ID = st.from_regex(r"[a-z0-9_]{1,8}", fullmatch=True).map("@{}".format)
KNOWN = st.fixed_dictionaries({section: st.lists(ID, max_size=2, unique=True) for section in parts(st.nothing())})

BANNER = st.fixed_dictionaries(
    {"content": TEXT},
    optional={"title": TEXT, "type": st.sampled_from(["info", "error"]), "dismissible": st.booleans()},
)
SETTINGS = some(
    banners=st.dictionaries(NAME, BANNER, max_size=3).map(lambda some: [{"id": id, **row} for id, row in some.items()]),
    suggestions=st.lists(
        st.fixed_dictionaries({"title": st.lists(NAME, min_size=1, max_size=2), "content": TEXT}), max_size=2
    ),
    general=some(
        ENABLE_MESSAGE_RATING=st.booleans(), RESPONSE_WATERMARK=TEXT, FOLDER_MAX_FILE_COUNT=st.integers(1, 99)
    ),
    tasks=some(TITLE_GENERATION_PROMPT_TEMPLATE=TEXT, ENABLE_TITLE_GENERATION=st.booleans()),
    code_execution=some(CODE_EXECUTION_JUPYTER_URL=TEXT, CODE_EXECUTION_JUPYTER_TIMEOUT=st.integers(0, 999)),
    retrieval=some(CHUNK_OVERLAP=st.integers(0, 99), RELEVANCE_THRESHOLD=st.floats(0, 1), RAG_TEMPLATE=TEXT),
)


@st.composite
def manifests(draw: st.DrawFn, known: dict[str, list[str]]) -> Manifest:
    """A manifest with some of the known keys."""
    kinds = parts(access([], USER))
    return {
        section: {key: draw(kinds[section]) for key in keys if draw(st.booleans())} for section, keys in known.items()
    }


ONE = KNOWN.flatmap(manifests)
TWO = KNOWN.flatmap(lambda known: st.tuples(manifests(known), manifests(known)))


class Parts(Example):
    kinds = frozenset({"tool", "function", "skill", "channel"})


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, open_webui: Sandbox) -> Iterator[Server]:
    """The server with channels; its settings are what they were in the end."""
    server = Server(Project(tmp_path_factory.mktemp("parts"), open_webui, "parts"))
    with locked("pytest-channels"):
        stored = server.get(EXPORT)
        before = {key: value for key, value in stored.items() if not key.startswith("auth.mfa")}
        server.post("/api/v1/configs/import", {"config": {**before, "channels.enable": True}})
        yield server
        server.post("/api/v1/configs/import", {"config": before})


@pytest.fixture(scope="module")
def watched(server: Server) -> Iterator[tuple[Engine, Proxy]]:
    with proxied(server.project.sandbox) as (sandbox, proxy):
        yield engine_for(sandbox, server.project.folder, "parts"), proxy


@LAW
@given(manifest=ONE, random=st.randoms(use_true_random=False))
def test_after_an_apply_there_is_nothing_to_do_and_order_does_not_matter(
    watched: tuple[Engine, Proxy], manifest: Manifest, random: Random
) -> None:
    with Parts(watched) as example:
        settles_in_any_order(example, manifest, random)


@LAW
@given(both=TWO)
def test_the_way_to_a_manifest_does_not_matter(watched: tuple[Engine, Proxy], both: tuple[Manifest, Manifest]) -> None:
    with Parts(watched) as example:
        is_reached_by_any_way(example, both)


@LAW
@given(one=SETTINGS, other=SETTINGS)
def test_settings_are_what_a_manifest_says_and_stay_when_it_says_nothing(
    watched: tuple[Engine, Proxy], server: Server, one: Manifest, other: Manifest
) -> None:
    with Example(watched) as example:
        # Banners and suggestions are exact lists, and what an earlier example made belongs to nobody.
        example.engine = replace(example.engine, options=Options(take_over=True))
        example.apply({"settings": one})
        assert essence(example.plan({"settings": one})) == []
        example.apply({"settings": other})
        assert essence(example.plan({"settings": other})) == []
        stored = server.get(EXPORT)
        example.apply({})
        assert server.get(EXPORT) == stored, "what is no longer written is released"
