"""`owui-sync diff`: every kind of difference is named, nothing is written, and a token goes to its own server only."""

from __future__ import annotations

import pytest

from owui_sync.pytest_plugin import OpenWebUIFactory
from tests.support.filled import fill
from tests.support.project import Project, Ran, changes
from tests.support.proxy import proxied
from tests.support.server import Server

pytestmark = pytest.mark.slow

# What two sandboxes never have in common: the addresses of their providers.
COMMON = ("--exclude", "settings/connections", "--exclude", "settings/embedding")


@pytest.fixture(scope="module")
def servers(open_webui_factory: OpenWebUIFactory, tmp_path_factory: pytest.TempPathFactory) -> list[Project]:
    """A filled server and an empty one."""
    folder = tmp_path_factory.mktemp("two")
    both = [Project(folder, open_webui_factory(), "two") for _ in range(2)]
    fill(both[0], folder)
    return both


def diff(servers: list[Project], *words: str, urls: list[str] | None = None) -> Ran:
    first, second = urls or [project.sandbox.url for project in servers]
    text = (
        "version: 1\ntargets:\n"
        f"  one: {{url: '{first}', token: !secret TOKEN_ONE}}\n"
        f"  two: {{url: '{second}', token: !secret TOKEN_TWO}}\n"
        f"  three: {{url: '{second}'}}\n"
    )
    servers[0].folder.joinpath("owui-sync.yaml").write_text(text, encoding="utf-8")
    tokens = {"TOKEN_ONE": servers[0].sandbox.token, "TOKEN_TWO": servers[1].sandbox.token}
    return servers[0].run("diff", *words, **tokens)


def test_a_server_does_not_differ_from_itself(servers: list[Project]) -> None:
    ran = diff(servers, "one", "one")
    assert (ran.code, ran.err) == (0, "")
    assert "No changes." in ran.out


def test_what_only_one_server_has_is_a_create_or_a_delete(servers: list[Project]) -> None:
    there, back = diff(servers, "one", "two", *COMMON, "--format", "json"), diff(servers, "two", "one", *COMMON)
    assert (there.code, back.code) == (2, 2)
    found = changes(there.document)
    kinds = {address.partition("/")[0] for address, action in found.items() if action == "create"}
    assert kinds == {
        *("user", "group", "knowledge", "model", "prompt", "note", "folder"),
        *("tool", "function", "skill", "channel"),
    }
    # Each sandbox searches the web with an engine of its own.
    assert {address for address, action in found.items() if action != "create"} == {
        *("permissions/default", "setting/general", "setting/banners", "setting/retrieval"),
    }
    assert "- prompt/greet" in back.out
    assert "only on one" in back.out


def test_a_value_at_its_default_on_the_first_server_counts(servers: list[Project]) -> None:
    for project, description in zip(servers, ("", "Set by hand"), strict=True):
        project.api("POST", "/api/v1/groups/create", {"name": "Shared", "description": description})
    ran = diff(servers, "one", "two", "--only", "groups/Shared", "--format", "json")
    assert ran.code == 2
    (change,) = ran.document["changes"]
    assert [(field["path"], field["before"], field["after"]) for field in change["fields"]] == [
        ("description", "Set by hand", "")
    ]


def test_of_several_with_one_name_the_equal_ones_belong_together(servers: list[Project]) -> None:
    for project, texts in zip(servers, ("ab", "bc"), strict=True):
        for text in texts:
            Server(project).post("/api/v1/knowledge/create", {"name": "Twins", "description": text})
    ran = diff(servers, "one", "two", "--only", "knowledge/Twins", "--format", "json")
    (change,) = ran.document["changes"]
    assert [(field["before"], field["after"]) for field in change["fields"]] == [("c", "a")]


def test_secrets_are_compared_and_never_shown(servers: list[Project]) -> None:
    for format in ("text", "json", "markdown", "html"):
        ran = diff(servers, "one", "two", "--only", "settings/connections", "--format", format, "--full-diff")
        assert ran.code == 2
        for project in servers:
            key = project.api("GET", "/openai/config")["OPENAI_API_KEYS"][0]
            assert key
            assert key not in ran.out + ran.err


def test_nothing_but_reads_is_sent(servers: list[Project]) -> None:
    with proxied(servers[0].sandbox) as (one, first), proxied(servers[1].sandbox) as (two, second):
        assert diff(servers, "one", "two", urls=[one.url, two.url]).code == 2
        assert first.seen
        assert second.seen
        assert {method for method, _ in (*first.seen, *second.seen)} == {"GET"}


def test_a_target_without_a_token_does_not_get_that_of_another_server(servers: list[Project]) -> None:
    ran = diff(servers, "one", "three")
    assert ran.code == 64
    assert "`three` needs `url`, and `token` or `token_file`" in ran.err


def test_a_name_that_neither_server_has_is_wrong_use(servers: list[Project]) -> None:
    assert diff(servers, "one", "two", "--only", "prompts/greet").code == 2
    assert diff(servers, "one", "two", "--only", "prompts/no-such").code == 64
