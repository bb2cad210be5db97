from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from owui_sync.pytest_plugin import OpenWebUIFactory
from owui_sync.sandbox import Sandbox, down, restart, server, status, up
from owui_sync.sandbox.account import client
from owui_sync.sandbox.boot import boot
from owui_sync.sandbox.errors import AlreadyRunning, NotRunning, PortInUse, StartFailed
from owui_sync.sandbox.paths import sandbox_dir
from owui_sync.sandbox.ports import HOST
from owui_sync.sandbox.processes import Process, stop
from owui_sync.sandbox.registry import reserve
from owui_sync.sandbox.server import down_owned
from owui_sync.sandbox.state import SandboxRecord, find, scratch_of


@pytest.fixture(scope="module")
def beside(open_webui_factory: OpenWebUIFactory, tmp_path_factory: pytest.TempPathFactory) -> Sandbox:
    """A second sandbox, with a data folder of the user's; the tests use it in their order, the last stops it."""
    return open_webui_factory(data=tmp_path_factory.mktemp("kept") / "data", settings={"WEBUI_NAME": "Beside"})


@pytest.fixture
def name() -> Iterator[str]:
    """The name of a sandbox that does not come up; nothing of it may be left."""
    chosen = f"test-{os.getpid()}"
    yield chosen
    assert find(chosen) is None
    assert not scratch_of(chosen).exists()
    for log in sandbox_dir(".log").glob(f"{chosen}.*"):
        log.unlink()


def says(sandbox: Sandbox, path: str) -> object:
    with client(sandbox.url, sandbox.token) as http:
        return http.get(path).raise_for_status().json()


def processes_of(sandbox: Sandbox) -> list[Process]:
    record = find(sandbox.name)
    assert record
    return list(record.processes)


def await_server(name: str) -> SandboxRecord:
    """Waits until the sandbox's server is started, which is long before it answers."""
    while not ((record := find(name)) and record.server):
        time.sleep(0.01)
    return record


def test_the_server_is_of_the_version_that_was_asked_for(open_webui: Sandbox) -> None:
    assert says(open_webui, "/api/version") == {"version": open_webui.version, "deployment_id": ""}


def test_the_token_is_the_administrators(open_webui: Sandbox) -> None:
    with client(open_webui.url, open_webui.token) as http:
        users = http.get("/api/v1/users/all").raise_for_status().json()["users"]
    # Other tests make users on the same server; nobody else may be an administrator.
    assert [user["email"] for user in users if user["role"] == "admin"] == [open_webui.admin_email]


def test_two_run_side_by_side(open_webui: Sandbox, beside: Sandbox) -> None:
    assert len({open_webui.url, beside.url, open_webui.provider_url, beside.provider_url}) == 4
    assert open_webui.data != beside.data
    running = {each.sandbox.name: each.condition for each in status()}
    assert (running[open_webui.name], running[beside.name]) == ("running", "running")


def test_settings_reach_the_server(beside: Sandbox) -> None:
    config = says(beside, "/api/config")
    assert isinstance(config, dict)
    assert "Beside" in config["name"]


def test_a_name_that_runs_is_refused(open_webui: Sandbox) -> None:
    with pytest.raises(AlreadyRunning, match=f"'{open_webui.name}' is running"):
        up(name=open_webui.name)


def test_a_port_in_use_is_refused(open_webui: Sandbox, name: str) -> None:
    with pytest.raises(PortInUse, match=f"in use by the sandbox '{open_webui.name}'"):
        up(name=name, port=int(open_webui.url.rpartition(":")[2]))


def test_a_port_that_a_foreign_process_takes_meanwhile_is_passed_over(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    began: list[SandboxRecord] = []

    def boot_late(record: SandboxRecord, home: Path, deadline: float) -> SandboxRecord:
        began.append(record)
        if len(began) > 1:
            raise StartFailed("seen enough")
        foreign.enter_context(socket.create_server((HOST, record.port)))
        return boot(record, home, deadline)

    monkeypatch.setattr(server, "boot", boot_late)
    with ExitStack() as foreign, pytest.raises(StartFailed, match="seen enough"):
        up(name=name, first_port=23080)
    assert began[1].port > began[0].port


def test_a_data_folder_in_use_is_refused(beside: Sandbox, name: str) -> None:
    with pytest.raises(AlreadyRunning, match="using the data folder"):
        up(name=name, data=beside.data)


def test_a_restart_keeps_data_address_and_token(beside: Sandbox) -> None:
    before = processes_of(beside)
    with client(beside.url, beside.token) as http:
        http.post("/api/v1/groups/create", json={"name": "Kept", "description": ""}).raise_for_status()
    again = restart(beside.name)
    assert (again.url, again.provider_url, again.token) == (beside.url, beside.provider_url, beside.token)
    # The guard goes on watching: whoever restarts a sandbox may be killed meanwhile.
    assert [process.alive for process in before] == [True, False, False]
    assert processes_of(beside)[0] == before[0]
    groups = says(again, "/api/v1/groups/")
    assert isinstance(groups, list)
    assert [group["name"] for group in groups] == ["Kept"]


def test_a_restart_keeps_its_ports_from_a_sandbox_that_starts_while_it_is_down(
    beside: Sandbox, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ports: list[int] = []

    def stop_and_reserve(processes: Iterable[Process]) -> None:
        stop(processes)
        record = find(beside.name)
        assert record
        draft = replace(record, name=name, data=beside.data / name, port=0, token="")
        other = reserve(draft, record.port)
        ports.extend((other.port, other.provider_port))
        other.forget()

    monkeypatch.setattr(server, "stop", stop_and_reserve)
    again = restart(beside.name)
    assert again.url == beside.url
    assert not {int(url.rpartition(":")[2]) for url in (again.url, again.provider_url)} & set(ports)


def test_down_leaves_no_process_and_keeps_the_users_data(beside: Sandbox) -> None:
    processes = processes_of(beside)
    assert len(processes) == 3
    down(beside.name)
    assert not any(process.alive for process in processes)
    assert find(beside.name) is None
    assert not scratch_of(beside.name).exists()
    assert not beside.log.exists()
    assert (beside.data / "webui.db").is_file()


def test_down_of_an_unknown_name_says_which_there_are(open_webui: Sandbox) -> None:
    with pytest.raises(NotRunning, match="no sandbox is named 'nobody'") as caught:
        down("nobody")
    assert open_webui.name in str(caught.value.problems[0].hint)


@pytest.mark.server
def test_a_server_that_dies_is_an_error_with_its_last_words(name: str, tmp_path: Path) -> None:
    (tmp_path / "webui.db").write_bytes(b"no database at all, but long enough to look like one" * 100)
    with pytest.raises(StartFailed, match=r"stopped while it started:(.|\n)*not a database") as caught:
        up(name=name, data=tmp_path)
    assert "not a database" in Path(str(caught.value.problems[0].where)).read_text()


def test_a_data_folder_that_cannot_be_made_is_an_error(name: str, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StartFailed, match="cannot be made"):
        up(name=name, data=tmp_path / "file" / "data")


@pytest.mark.server
def test_a_server_that_takes_too_long_is_stopped(name: str) -> None:
    with pytest.raises(StartFailed, match=r"did not answer within 0 s"):
        up(name=name, deadline=0.2, owner=os.getpid())


@pytest.mark.parametrize(
    "end", [lambda record: os.kill(record.server.pid, signal.SIGKILL), lambda record: down(record.name)]
)
def test_a_server_that_is_ended_while_it_starts_is_an_error(name: str, end: Callable[[SandboxRecord], None]) -> None:
    caught: list[BaseException] = []

    def start() -> None:
        try:
            up(name=name)
        except StartFailed as error:
            caught.append(error)

    thread = threading.Thread(target=start)
    thread.start()
    record = await_server(name)
    end(record)
    thread.join(20)
    assert len(caught) == 1
    assert not any(process.alive for process in record.processes)


def test_an_interrupted_start_leaves_nothing(name: str) -> None:
    code = f"from owui_sync.sandbox import up; up(name={name!r})"
    child = subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.PIPE)
    record = await_server(name)
    assert {each.sandbox.name: each.condition for each in status()}[name] == "starting"
    child.send_signal(signal.SIGINT)
    _, said = child.communicate(timeout=20)
    assert b"KeyboardInterrupt" in said
    assert not any(process.alive for process in record.processes)


def test_a_killed_start_is_reported_as_dead_until_it_is_taken_down(name: str) -> None:
    child = subprocess.Popen([sys.executable, "-c", f"from owui_sync.sandbox import up; up(name={name!r})"])
    record = await_server(name)
    child.kill()
    child.wait()
    for _ in range(2):
        assert {each.sandbox.name: each.condition for each in status()}[name] == "dead"
    down(name)
    assert name not in {each.sandbox.name for each in status()}
    assert not any(process.alive for process in record.processes)


def test_sandboxes_are_stopped_by_their_owner_only(open_webui: Sandbox) -> None:
    assert down_owned(2**22 + 1) == []
    assert find(open_webui.name)
