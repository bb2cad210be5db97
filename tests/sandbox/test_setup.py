"""What a sandbox has of its own besides version and data: models, a way out, a snapshot, a database."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from owui_sync.pytest_plugin import OpenWebUIFactory
from owui_sync.sandbox import Sandbox, Setup, down, offer_models, up
from owui_sync.sandbox.account import client
from owui_sync.sandbox.errors import DatabaseMissing, NotRunning, SnapshotProblem
from owui_sync.sandbox.provider.http import Provider
from owui_sync.sandbox.snapshots import find_snapshot, remove, snapshots, take
from owui_sync.sandbox.state import find, scratch_of


@pytest.fixture
def snapshot() -> Iterator[str]:
    name = f"test-{os.getpid()}"
    yield name
    if name in {each.name for each in snapshots()}:
        remove(name)


def groups(sandbox: Sandbox) -> set[str]:
    with client(sandbox.url, sandbox.token) as http:
        return {row["name"] for row in http.get("/api/v1/groups/").raise_for_status().json()}


def make_group(sandbox: Sandbox, name: str) -> None:
    with client(sandbox.url, sandbox.token) as http:
        http.post("/api/v1/groups/create", json={"name": name, "description": ""}).raise_for_status()


def test_the_server_reaches_nothing_beyond_this_machine(open_webui: Sandbox) -> None:
    with client(open_webui.url, open_webui.token) as http:
        answer = http.post("/api/v1/retrieval/process/web", json={"url": "http://192.0.2.1/", "collection_name": "x"})
    assert answer.status_code != 200
    assert "does not reach beyond this machine" in answer.text + open_webui.log.read_text()


def test_the_page_does_not_open_with_what_is_new(open_webui: Sandbox) -> None:
    with client(open_webui.url, open_webui.token) as http:
        settings = http.get("/api/v1/users/user/settings").json()
    assert settings["ui"]["showChangelog"] is False


def test_models_that_are_offered_later_are_known_to_the_server(open_webui: Sandbox) -> None:
    offer_models(open_webui.name, ["house-model"])
    offer_models(open_webui.name, ["house-model"])
    with client(open_webui.url, open_webui.token) as http:
        names = [row["id"] for row in http.get("/api/models").json()["data"]]
    assert names.count("house-model") == 1
    assert "gpt-4.1" in names


def test_a_real_provider_answers_in_place_of_the_script(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OWUI_PROVIDER_KEY", "hush")
    from owui_sync.sandbox.provider.forward import Upstream

    with (
        Provider(0, ["only-there"]) as real,
        Provider(0, [], Upstream(f"http://127.0.0.1:{real.server_port}/v1")) as own,
    ):
        for server in (real, own):
            threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        with httpx.Client(base_url=f"http://127.0.0.1:{own.server_port}/v1", trust_env=False) as http:
            names = [row["id"] for row in http.get("/models").json()["data"]]
            body = {"model": "only-there", "messages": [{"role": "user", "content": "say yes"}]}
            whole = http.post("/chat/completions", json=body)
            stream = http.post("/chat/completions", json={**body, "stream": True})
            missing = http.post("/chat/completions", json={**body, "model": "nobody"})
            vectors = http.post("/embeddings", json={"input": "x", "model": "e"})
        assert len(real.requests) == 4
        for server in (real, own):
            server.shutdown()
    assert "only-there" in names
    assert whole.json()["choices"][0]["message"]["content"] == "yes"
    assert stream.headers["content-type"] == "text/event-stream"
    assert stream.text.rstrip().endswith("[DONE]")
    assert missing.status_code == 404
    assert len(vectors.json()["data"]) == 1


def test_a_provider_that_is_not_there_is_an_error_of_the_provider() -> None:
    from owui_sync.sandbox.provider.forward import Upstream

    with Provider(0, [], Upstream("http://127.0.0.1:9/v1")) as own:
        threading.Thread(target=own.serve_forever, args=(0.01,), daemon=True).start()
        with httpx.Client(base_url=f"http://127.0.0.1:{own.server_port}", trust_env=False) as http:
            answer = http.get("/v1/models")
        own.shutdown()
    assert answer.status_code == 502
    assert "cannot be reached" in answer.text


@pytest.mark.slow
def test_a_snapshot_begins_another_sandbox_with_the_same_data(
    open_webui_factory: OpenWebUIFactory, snapshot: str
) -> None:
    first = open_webui_factory(setup=Setup(models=("kept",)))
    make_group(first, "Before")
    taken = take(snapshot, first.name)
    assert (taken.version, taken.data.stat().st_mode & 0o77) == (first.version, 0)
    make_group(first, "After")
    second = open_webui_factory(snapshot=snapshot)
    assert (groups(first), groups(second)) == ({"Before", "After"}, {"Before"})
    assert second.token == first.token
    with client(second.url, second.token) as http:
        assert "kept" in [row["id"] for row in http.get("/api/models").json()["data"]]
    down(first.name)
    # The first one's provider is gone; the second one asks its own.
    with client(second.url, second.token) as http:
        body = {"model": "kept", "messages": [{"role": "user", "content": "say yes"}]}
        assert http.post("/api/chat/completions", json=body).json()["choices"][0]["message"]["content"] == "yes"
    down(second.name)


def test_a_snapshot_that_is_not_there_says_which_are(own_cache: Path) -> None:
    with pytest.raises(SnapshotProblem, match="there is no snapshot 'nobody'") as caught:
        up(snapshot="nobody")
    assert "snapshot NAME" in str(caught.value)
    with pytest.raises(SnapshotProblem, match="cannot name a snapshot"):
        find_snapshot("../x")
    with pytest.raises(NotRunning):
        take("x", "nobody")


@pytest.mark.server
def test_a_snapshot_is_not_written_over_data(open_webui: Sandbox, snapshot: str, tmp_path: Path) -> None:
    take(snapshot, open_webui.name)
    (tmp_path / "mine.txt").write_text("x")
    name = f"{snapshot}-b"
    with pytest.raises(SnapshotProblem, match="not empty"):
        up(open_webui.version, name=name, data=tmp_path, snapshot=snapshot)
    assert (find(name), scratch_of(name).exists()) == (None, False)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_postgresql_that_is_not_there_is_said_before_anything_starts(
    own_cache: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("owui_sync.sandbox.postgres._PACKAGED", tmp_path)
    monkeypatch.setattr("shutil.which", lambda _: None)
    with pytest.raises(DatabaseMissing, match="PostgreSQL is not on this machine"):
        up("0.12.4", setup=Setup(database="postgresql"))
    assert not own_cache.exists()


def test_a_version_without_a_driver_says_which_has_one(
    own_cache: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("shutil.which", lambda name: tmp_path / name)
    with pytest.raises(DatabaseMissing, match=r"0\.9\.0 or newer"):
        up("0.8.12", setup=Setup(database="postgresql"))
