"""What holds for every manifest, tried with odd ones on a real server.

The examples are the same in every run. `LAWS_EXAMPLES=200 pytest tests/live/test_laws.py` tries that many others.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import count
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from owui_sync.apply.outcome import Outcome
from owui_sync.client.connect import connect_read_only
from owui_sync.client.writer import Writer
from owui_sync.observe import observe
from owui_sync.plan.difference import current
from owui_sync.plan.types import Cause, Plan
from owui_sync.sandbox import Sandbox
from owui_sync.values import same
from tests.support.engine import Engine, engine_for
from tests.support.proxy import Proxy, proxied

Manifest = dict[str, dict[str, dict[str, Any]]]

WANTED = os.environ.get("LAWS_EXAMPLES")
LAW = settings(
    max_examples=int(WANTED or 3),
    derandomize=WANTED is None,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)

# Texts as people write them, with everything that YAML, JSON or a template language could choke on.
PIECES = [
    "\r\n",
    "\n",
    " ",
    "\t",
    "{{name}}",
    "{{x | text}}",
    "${HOME}",
    "$${y}",
    "🦉",
    "é",
    "\u202e",
    "\\n",
    "'",
    '"',
    "#",
    ": ",
    "- ",
]
LETTERS = st.characters(exclude_categories=["Cs", "Cc"])
TEXT = st.lists(st.sampled_from(PIECES) | st.text(LETTERS, max_size=4), max_size=5).map("".join)
NAME = TEXT.filter(bool)
TAIL = st.text(LETTERS, max_size=6).map(lambda text: "".join(c for c in text if not c.isspace()))
KEYS = ["a", "A", "b.c", "d e", "true", "1", "null", "~", "ü", "{{x}}", "x:y", "#", "system_prompt"]
KEY = st.sampled_from(KEYS)
NUMBER = st.integers(-(2**63), 2**64 - 1) | st.floats(-1e9, 1e9) | st.sampled_from([0.1, 1.0, 1e300, -0.0])
SCALAR = st.booleans() | NUMBER | TEXT
JSON = st.recursive(
    SCALAR, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEY, inner, max_size=3), max_leaves=5
)
BAG = st.dictionaries(KEY, JSON, max_size=3)
# The server takes the blanks off the tags of models.
TAGS = st.lists(st.text(LETTERS, min_size=1, max_size=5).map(str.strip).filter(bool), max_size=3)


def some(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Any of these fields, or none."""
    return st.fixed_dictionaries({}, optional=fields)


def access(groups: list[str], user: str) -> st.SearchStrategy[Any]:
    names = st.lists(st.sampled_from(groups), max_size=2) if groups else st.just([])
    who = st.just("everyone") | some(groups=names, users=st.just([user])).filter(bool)
    return st.sampled_from(["public", "private"]) | some(read=who, write=who).filter(bool)


def group(user: str) -> st.SearchStrategy[dict[str, Any]]:
    section = st.dictionaries(st.sampled_from(["prompts", "models", "x y", "ü"]), st.booleans(), max_size=2)
    permissions = st.dictionaries(st.sampled_from(["workspace", "chat", "odd one"]), section, max_size=2)
    return some(description=TEXT, permissions=permissions, members=st.sampled_from([[], [user]]))


def prompt(shared: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    rest = some(name=NAME, tags=TAGS, active=st.booleans(), access=shared)
    return st.builds(lambda content, rest: {"content": content, **rest}, TEXT, rest)


def model(shared: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    rest = some(
        name=NAME,
        description=TEXT,
        system=TEXT,
        params=BAG,
        capabilities=st.dictionaries(KEY, st.booleans(), max_size=2),
        suggestions=st.lists(NAME, max_size=2),
        tags=TAGS,
        active=st.booleans(),
        hidden=st.booleans(),
        access=shared,
        meta=BAG,
    )
    return st.builds(lambda base, rest: {"base": base, **rest}, st.sampled_from(["gpt-4.1", "claude-sonnet"]), rest)


@st.composite
def keys(draw: st.DrawFn) -> dict[str, list[str]]:
    """Keys that stand for objects of one example; `@` is replaced by what makes them unique on the server."""
    return {
        "groups": draw(st.lists(NAME.map("@ {}".format), max_size=2, unique=True)),
        "prompts": draw(st.lists(TAIL.map("@-{}".format), max_size=2, unique=True)),
        "models": draw(st.lists(TAIL.map("@:{}".format), max_size=2, unique=True)),
    }


@st.composite
def manifests(draw: st.DrawFn, user: str, known: dict[str, list[str]]) -> Manifest:
    """A manifest with some of the known keys."""
    chosen = {section: [key for key in some if draw(st.booleans())] for section, some in known.items()}
    shared = access(chosen["groups"], user)
    kinds = {"groups": group(user), "prompts": prompt(shared), "models": model(shared)}
    return {section: {key: draw(kinds[section]) for key in names} for section, names in chosen.items()}


USER = "admin@example.com"
ONE = keys().flatmap(lambda known: manifests(USER, known))
TWO = keys().flatmap(lambda known: st.tuples(manifests(USER, known), manifests(USER, known)))
NUMBERS = count()


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory, open_webui: Sandbox) -> Iterator[tuple[Engine, Proxy]]:
    assert open_webui.admin_email == USER
    with proxied(open_webui) as (sandbox, proxy):
        yield engine_for(sandbox, tmp_path_factory.mktemp("laws"), "laws"), proxy


class Example:
    """One example: a stack of its own, which is taken away at the end."""

    kinds = frozenset({"group", "prompt", "model"})

    def __init__(self, watched: tuple[Engine, Proxy]) -> None:
        engine, self.proxy = watched
        # Also the beginning of an identifier, for the ids of sources.
        self.mark = f"{engine.stack}_{next(NUMBERS)}_".replace("-", "_")
        self.engine = replace(engine, stack=self.mark)

    def __enter__(self) -> Example:
        return self

    def __exit__(self, *_: object) -> None:
        assert self.engine.apply({}).complete

    def unique(self, manifest: Manifest) -> Manifest:
        """The manifest with keys that nobody else has."""
        return {
            section: {self._named(key): self._groups(entry) for key, entry in entries.items()}
            for section, entries in manifest.items()
        }

    def _named(self, key: str) -> str:
        return self.mark + key.removeprefix("@")

    def _groups(self, value: Any) -> Any:
        """The names of groups in an access value made unique too."""
        if not isinstance(value.get("access"), Mapping):
            return value
        shared = {
            permission: {**who, "groups": [*map(self._named, who["groups"])]} if "groups" in who else who
            for permission, who in value["access"].items()
        }
        return {**value, "access": shared}

    def plan(self, *documents: Mapping[str, Any]) -> Plan:
        """The plan; making it writes nothing."""
        self.proxy.seen.clear()
        plan = self.engine.plan(*documents)
        assert self.proxy.writes == []
        return plan

    def apply(self, manifest: Mapping[str, Any]) -> None:
        outcome: Outcome = self.engine.apply(manifest)
        assert [(result.change.address, result.error) for result in outcome.results if result.error] == []

    def values(self) -> dict[str, dict[str, Any]]:
        """Everything that the stack's kinds can say of its objects on the server."""

        async def read() -> dict[str, dict[str, Any]]:
            want = self.kinds | {"membership"}
            async with connect_read_only(self.engine.server) as reader:
                snapshot = await observe(reader, self.engine.stack, want, lambda _: False)
            ours = [live for lives in snapshot.objects.values() for live in lives if live.key.startswith(self.mark)]
            return {live.address: dict(live.values) for live in ours}

        return asyncio.run(read())


def essence(plan: Plan) -> list[Any]:
    """A plan without the places in files."""
    return [
        (change.action, change.address, change.depends_on, sorted((f.path, repr(f.after)) for f in change.fields))
        for change in plan.changes
    ]


def shuffled(manifest: Manifest, random: Random) -> list[Manifest]:
    """The same manifest in three files, sections, entries and fields in another order."""
    files: list[Manifest] = [{}, {}, {}]
    entries = [(section, key, entry) for section, some in manifest.items() for key, entry in some.items()]
    for section, key, entry in random.sample(entries, len(entries)):
        fields = random.sample(list(entry.items()), len(entry))
        random.choice(files).setdefault(section, {})[key] = dict(fields)
    return files


def settles_in_any_order(example: Example, manifest: Manifest, random: Random) -> None:
    """After an apply there is nothing to do, and the order in which a manifest is written does not matter."""
    manifest = example.unique(manifest)
    plan = example.plan(manifest)
    assert len(plan.changes) == sum(map(len, manifest.values()))
    assert essence(example.plan(*shuffled(manifest, random))) == essence(plan)
    example.apply(manifest)
    for again in ([manifest], shuffled(manifest, random)):
        assert essence(example.plan(*again)) == []


def is_reached_by_any_way(example: Example, both: tuple[Manifest, Manifest]) -> None:
    """The second manifest makes the same of a server, whether the first one was applied before it or not."""
    first, second = map(example.unique, both)
    example.apply(first)
    example.apply(second)
    by_way_of_another = example.values()
    example.apply({})
    assert example.values() == {}
    example.apply(second)
    assert_same(by_way_of_another, example.values())


@LAW
@given(manifest=ONE, random=st.randoms(use_true_random=False))
def test_after_an_apply_there_is_nothing_to_do_and_order_does_not_matter(
    watched: tuple[Engine, Proxy], manifest: Manifest, random: Random
) -> None:
    with Example(watched) as example:
        settles_in_any_order(example, manifest, random)


@LAW
@given(both=TWO)
def test_the_way_to_a_manifest_does_not_matter(watched: tuple[Engine, Proxy], both: tuple[Manifest, Manifest]) -> None:
    with Example(watched) as example:
        is_reached_by_any_way(example, both)


def assert_same(one: Mapping[str, Mapping[str, Any]], other: Mapping[str, Mapping[str, Any]]) -> None:
    assert one.keys() == other.keys()
    for address in one:
        assert one[address].keys() == other[address].keys()
        different = [path for path, value in one[address].items() if not same(value, other[address][path])]
        assert different == [], address


Row = dict[str, Any]


def _put(bag: str, key: str, change: Callable[[Any], Any]) -> Callable[[Row], Row]:
    return lambda row: {**row, bag: {**row[bag], key: change(row[bag].get(key))}}


def _text(value: Any) -> str:
    return f"{value or ''}~"


def _grants(grants: list[Row]) -> list[Row]:
    """Other grants: nobody's become everybody's, all others nobody's."""
    return [] if grants else [{"principal_type": "user", "principal_id": "*", "permission": "read"}]


async def _drift_prompt(writer: Writer, row: Row, path: str) -> None:
    url = f"/api/v1/prompts/id/{row['id']}"
    if path == "active":
        await writer.toggle(f"{url}/toggle")
    elif path == "access":
        await writer.update(f"{url}/access/update", {"access_grants": _grants(row["access_grants"])})
    else:
        await writer.update(f"{url}/update", {**row, path: [*row["tags"], "~"] if path == "tags" else _text(row[path])})


async def _drift_group(writer: Writer, row: Row, path: str) -> None:
    url = f"/api/v1/groups/id/{row['id']}"
    field, _, rest = path.partition(".")
    if field == "members":
        users = (await writer.get("/api/v1/users/all"))["users"]
        ids = [user["id"] for user in users if user["email"] == USER]
        await writer.update(f"{url}/users/{'remove' if row['member_count'] else 'add'}", {"user_ids": ids})
        return
    section, _, name = rest.partition(".")
    change = _put("permissions", section, lambda known: {**known, name: not known[name]})
    await writer.update(f"{url}/update", change(row) if rest else {**row, "description": _text(row["description"])})


async def _drift_model(writer: Writer, row: Row, path: str) -> None:
    if path == "access":
        body = {"id": row["id"], "name": row["name"], "access_grants": _grants(row["access_grants"])}
        await writer.update("/api/v1/models/model/access/update", body)
    elif path == "active":
        await writer.toggle("/api/v1/models/model/toggle", id=row["id"])
    else:
        await writer.update("/api/v1/models/model/update", _model_changes(path)(row))


def _model_changes(path: str) -> Callable[[Row], Row]:
    field, _, key = path.partition(".")
    whole: dict[str, Callable[[Row], Row]] = {
        "name": lambda row: {**row, "name": _text(row["name"])},
        "base": lambda row: {**row, "base_model_id": "gpt-4.1-mini"},
        "system": _put("params", "system", _text),
        "description": _put("meta", "description", _text),
        "suggestions": _put("meta", "suggestion_prompts", lambda value: [*(value or []), {"content": "~"}]),
        "tags": _put("meta", "tags", lambda value: [*(value or []), {"name": "~"}]),
        "hidden": _put("meta", "hidden", lambda value: not value),
        "params": _put("params", key, lambda value: [value, "~"]),
        "meta": _put("meta", key, lambda value: [value, "~"]),
        "capabilities": _put("meta", "capabilities", lambda known: {**known, key: not known[key]}),
    }
    return whole[field]


DRIFT = {"prompt": _drift_prompt, "group": _drift_group, "model": _drift_model}


@LAW
@given(manifest=ONE.filter(lambda manifest: any(map(len, manifest.values()))), data=st.data())
def test_a_field_that_is_changed_on_the_server_is_the_only_one_in_the_plan(
    watched: tuple[Engine, Proxy], manifest: Manifest, data: st.DataObject
) -> None:
    with Example(watched) as example:
        manifest = example.unique(manifest)
        example.apply(manifest)
        desired = example.engine.desired(manifest).entries
        fields = [(address, path) for address, entry in desired.items() for path in entry.values]
        if not fields:
            return
        address, path = data.draw(st.sampled_from(fields))

        async def drift(writer: Writer) -> None:
            snapshot = await observe(writer, example.mark, frozenset({"group", "prompt", "model"}), lambda _: False)
            (live,) = snapshot.objects[address]
            assert same(current(live, path), desired[address].values[path]) or path == "members"
            await DRIFT[live.kind](writer, live.row, path)

        example.engine.run(drift)
        plan = example.plan(manifest)
        assert [(c.address, f.path, f.cause) for c in plan.changes for f in c.fields] == [(address, path, Cause.DRIFT)]
        example.apply(manifest)
        assert essence(example.plan(manifest)) == []
