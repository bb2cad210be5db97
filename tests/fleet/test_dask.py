"""Work on a Dask cluster: two real workers of their own, which know nothing of the fleet's folder and secrets."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from owui_sync.errors import UsageError
from owui_sync.fleet.secrets import check_way
from tests.fleet.conftest import Start
from tests.support.many_fleet import ManyFleet

pytestmark = pytest.mark.slow

pytest.importorskip("distributed")

TLS = "DASK_DISTRIBUTED__COMM__TLS"
NAMES = [f"school-{number:02}" for number in range(6)]


@dataclass
class Cluster:
    """A scheduler with workers, and the folder of their temporary files."""

    address: str
    folder: Path
    processes: list[subprocess.Popen[bytes]]

    @property
    def env(self) -> dict[str, str]:
        """The environment of a process that has no secrets."""
        dask = {name: value for name, value in os.environ.items() if name.startswith("DASK_")}
        return {
            "PATH": os.environ["PATH"],
            "HOME": os.environ.get("HOME", "/"),
            "TMPDIR": str(self.folder),
            **dask,
        }

    def worker(self, folder: Path, **secrets: str) -> subprocess.Popen[bytes]:
        """Start a worker of one thread."""
        words = ["worker", self.address, "--no-nanny", "--nthreads", "1", "--no-dashboard"]
        self.processes.append(_dask(words, folder, {**self.env, **secrets}))
        return self.processes[-1]

    def bundles(self) -> list[Path]:
        """Return the folders that fleets left on the machine of the workers."""
        return list(self.folder.rglob("owui-sync-fleet-*"))

    def end_last(self) -> None:
        """End the worker that was started last."""
        process = self.processes.pop()
        process.kill()
        process.wait()


def _dask(words: list[str], folder: Path, env: Mapping[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [str(Path(sys.executable).with_name("dask")), *words],
        cwd=folder,
        env=env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


@contextmanager
def running(folder: Path, protocol: str = "tcp") -> Iterator[Cluster]:
    """Start a scheduler; tests start its workers."""
    file = folder / "scheduler.json"
    cluster = Cluster("", folder, [])
    words = ["scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--protocol", protocol]
    cluster.processes.append(_dask([*words, "--scheduler-file", str(file)], folder, cluster.env))
    deadline = time.monotonic() + 120
    while not file.exists() or not file.read_text():
        assert time.monotonic() < deadline
        time.sleep(0.1)
    cluster.address = json.loads(file.read_text())["address"]
    try:
        yield cluster
    finally:
        for process in cluster.processes:
            process.kill()
        for process in cluster.processes:
            process.wait()


@pytest.fixture
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A scheduler on loopback."""
    with running(tmp_path_factory.mktemp("dask")) as cluster:
        yield cluster


@pytest.fixture
def tls_cluster(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cluster]:
    """A scheduler that speaks TLS, with a certificate that the workers and the client have as well."""
    folder = tmp_path_factory.mktemp("dask-tls")
    make = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -keyout key.pem -out ca.pem"
    subprocess.run(make.split(), cwd=folder, check=True, capture_output=True)
    monkeypatch.setenv(f"{TLS}__CA_FILE", str(folder / "ca.pem"))
    for role in ("SCHEDULER", "WORKER", "CLIENT"):
        monkeypatch.setenv(f"{TLS}__{role}__CERT", str(folder / "ca.pem"))
        monkeypatch.setenv(f"{TLS}__{role}__KEY", str(folder / "key.pem"))
    with running(folder, "tls") as cluster:
        yield cluster


def command(fleet: ManyFleet, cluster: Cluster, *words: str, code: int = 0) -> dict[str, Any]:
    """Run a command on the cluster; it waits for workers that are still starting."""
    deadline = time.monotonic() + 120
    while True:
        process = fleet.start("fleet", *words, "--executor", f"dask:{cluster.address}", "--format", "json", "-q")
        out, err = process.communicate(timeout=180)
        if "has no workers" not in err or time.monotonic() > deadline:
            break
    assert process.returncode == code, err + out
    found: dict[str, Any] = json.loads(out)
    return found


def test_workers_have_their_own_secrets_and_get_the_manifests_once(many: Start, cluster: Cluster) -> None:
    fleet = many()
    fleet.write(NAMES, "after")
    (fleet.folder / "after" / "all.yaml").write_text(
        (fleet.folder / "after" / "all.yaml").read_text().replace("Explain course 3", "Explain it"), encoding="utf-8"
    )
    cluster.worker(Path("/"))
    missing = command(fleet, cluster, "plan", code=3)
    assert {each["error"]["message"] for each in missing["instances"].values()} == {
        "the secret `FLEET_TOKEN` is not set"
    }
    assert fleet.seen() == {}
    sent = command(fleet, cluster, "plan", "--send-secrets")
    assert sent["totals"]["changed"] == len(NAMES)
    [of_killed] = cluster.bundles()
    secret = fleet.folder.parent / "token"
    secret.write_text("sk-0123456789abcdef\n")
    cluster.end_last()
    cluster.worker(Path("/"), FLEET_TOKEN_FILE=str(secret))
    found = command(fleet, cluster, "plan")
    assert found["groups"] == sent["groups"]
    # What the worker had that was killed is gone; what this one has goes with it.
    [of_running] = cluster.bundles()
    assert of_running != of_killed
    cluster.processes[-1].terminate()
    cluster.processes[-1].wait(60)
    assert cluster.bundles() == []


def test_secrets_travel_over_tls_and_not_without_a_certificate(many: Start, tls_cluster: Cluster) -> None:
    fleet = many()
    fleet.write(NAMES, "after")
    assert tls_cluster.address.startswith("tls://")
    tls_cluster.worker(Path("/"))
    sent = command(fleet, tls_cluster, "plan", "--send-secrets")
    assert sent["totals"]["changed"] == len(NAMES)
    # Dask reads its configuration once, and in this process it did so before there was a certificate.
    ran = fleet.run("fleet", "plan", "--executor", f"dask:{tls_cluster.address}", "--send-secrets")
    assert ran.code == 64
    assert "Dask cannot connect to tls://" in ran.err
    assert f"set {TLS}__CA_FILE" in ran.err


def test_an_instance_whose_worker_was_killed_is_started_again(many: Start, cluster: Cluster) -> None:
    fleet = many(latency=0.2)
    fleet.write(NAMES, "after")
    first = cluster.worker(Path("/"), FLEET_TOKEN=fleet.env["FLEET_TOKEN"])
    cluster.worker(Path("/"), FLEET_TOKEN=fleet.env["FLEET_TOKEN"])
    time.sleep(8)
    words = ("--yes", "--executor", f"dask:{cluster.address}", "--format", "json")
    process = fleet.start("fleet", "apply", *words)
    deadline = time.monotonic() + 100
    while sum(len(seen) > 1 for seen in fleet.seen().values()) < 2:
        assert time.monotonic() < deadline
        assert process.poll() is None
        time.sleep(0.05)
    first.send_signal(signal.SIGKILL)
    out, err = process.communicate(timeout=90)
    assert process.returncode == 0, err + out
    found = json.loads(out)
    assert found["totals"]["changed"] + found["totals"]["unchanged"] == len(NAMES)
    assert [each["runs"] for each in found["instances"].values() if "runs" in each] == [2]
    for _, *writes in fleet.seen().values():
        assert len(writes) == len(set(writes)) == 3


@pytest.mark.parametrize("address", ["tcp://10.0.0.1:8786", "tcp://scheduler.example.com:8786", "10.0.0.1:8786"])
def test_secrets_are_not_sent_where_others_read_them(address: str) -> None:
    with pytest.raises(UsageError, match="would travel unprotected"):
        check_way(address)


@pytest.mark.parametrize("address", ["tls://10.0.0.1:8786", "tcp://127.0.0.1:8786", "tcp://localhost:1", "127.0.0.1:1"])
def test_secrets_are_sent_over_tls_or_on_this_machine(address: str) -> None:
    check_way(address)


def test_a_scheduler_that_is_not_there_is_wrong_use(many: Start) -> None:
    fleet = many()
    fleet.write(NAMES[:1], "before")
    ran = fleet.run("fleet", "plan", "--executor", "local", "--send-secrets")
    assert ran.code == 64
    assert fleet.run("fleet", "plan", "--executor", "ray:1").code == 64
