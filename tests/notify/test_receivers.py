"""`notify` of the configuration, with a receiver on loopback."""

from __future__ import annotations

from pathlib import Path

import click
import pytest

from owui_sync.errors import ManifestError
from owui_sync.manifest.config import load_config
from tests.support.project import Project, Ran, run_here
from tests.support.receiver import ReceiverServer

NOWHERE = "http://127.0.0.1:9"
"""No server listens there."""


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses between tries, which take no time."""
    seen: list[float] = []

    async def at_once(seconds: float) -> None:
        seen.append(seconds)

    monkeypatch.setattr("owui_sync.notify.send.sleep", at_once)
    return seen


def failing(folder: Path, receiver: ReceiverServer, *words: str, **env: str) -> Ran:
    """Run a plan that finds a mistake in the manifests."""
    (folder / "m.yaml").write_text("version: 1\nprompts: {a: {text: 'my text'}}\n")
    if not (folder / "owui-sync.yaml").exists():
        (folder / "owui-sync.yaml").write_text("version: 1\nlayers: [m.yaml]\nnotify: [{url: !secret HOOK}]\n")
    env = {"OWUI_URL": NOWHERE, "OWUI_TOKEN": "sk-hunter2", "HOOK": receiver.url, **env}
    ran = run_here(folder, env, "plan", *words)
    assert ran.code == 1
    assert "h00k-secret" not in ran.out + ran.err
    assert "hunter2" not in ran.out + ran.err + str(receiver.bodies)
    return ran


def test_a_receiver_that_is_there_is_told_once(tmp_path: Path, receiver: ReceiverServer) -> None:
    ran = failing(tmp_path, receiver)
    (body,) = receiver.bodies
    assert (body["command"], body["events"], body["reason"]) == ("plan", ["failed"], "error")
    assert "receiver" not in ran.err


@pytest.mark.parametrize(
    ("statuses", "headers", "tries", "waits", "words"),
    [
        ([500, 200], {}, 2, [1.0], ""),
        ([503], {}, 3, [1.0, 2.0], "it answered 503, 3 times"),
        ([429], {"retry-after": "7"}, 3, [7.0, 7.0], "it answered 429, 3 times"),
        ([429, 204], {"retry-after": "3600"}, 2, [10.0], ""),
        ([404], {}, 1, [], "it answered 404"),
        ([302], {"location": "/elsewhere"}, 1, [], "it answered 302"),
    ],
)
def test_what_may_pass_is_tried_three_times(
    tmp_path: Path,
    receiver: ReceiverServer,
    pauses: list[float],
    statuses: list[int],
    headers: dict[str, str],
    tries: int,
    waits: list[float],
    words: str,
) -> None:
    receiver.statuses, receiver.headers = statuses, headers
    ran = failing(tmp_path, receiver, "-vv")
    assert (len(receiver.bodies), pauses) == (tries, waits)
    said = f"owui-sync.yaml:3:10: the receiver was not told: {words}"
    assert (said in ran.err) if words else ("was not told" not in ran.err)


@pytest.mark.parametrize(
    ("address", "words"),
    [
        (f"{NOWHERE}/h00k-secret", "no answer (ConnectError), 3 times"),
        ("ftp://example.com/h00k-secret", "its address does not begin with https:// or http://"),
        ("http://[h00k-secret", "its address is no URL"),
        ("", "the secret `HOOK` is empty"),
    ],
)
@pytest.mark.usefixtures("pauses")
def test_an_address_that_leads_nowhere_is_a_warning(
    tmp_path: Path, receiver: ReceiverServer, address: str, words: str
) -> None:
    assert words in failing(tmp_path, receiver, HOOK=address).err


def test_one_receiver_does_not_keep_the_others_waiting_for_their_message(
    tmp_path: Path, receiver: ReceiverServer, pauses: list[float]
) -> None:
    (tmp_path / "owui-sync.yaml").write_text(
        "version: 1\nlayers: [m.yaml]\nnotify:\n"
        "  - {url: !secret UNSET}\n  - {url: !secret DOWN}\n"
        "  - {url: !env HOOK, format: slack, when: [failed]}\n  - {url: !secret HOOK, when: [applied, drift]}\n"
        "  - {url: !sub '${hook}', format: teams}\nvars: {hook: !env HOOK}\n"
    )
    ran = failing(tmp_path, receiver, DOWN=NOWHERE)
    kinds = sorted("attachments" if "attachments" in body else "text" for body in receiver.bodies)
    assert kinds == ["attachments", "text"]
    assert "owui-sync.yaml:4:5: the receiver was not told: the secret `UNSET` is not set" in ran.err
    assert "owui-sync.yaml:5:5: the receiver was not told: no answer" in ran.err
    assert pauses == [1.0, 2.0]


def test_receivers_of_a_target_replace_the_common_ones(tmp_path: Path, receiver: ReceiverServer) -> None:
    (tmp_path / "owui-sync.yaml").write_text(
        "version: 1\nlayers: [m.yaml]\nnotify: [{url: !secret UNSET}]\n"
        "targets: {prod: {notify: [{url: !secret HOOK}]}, quiet: {notify: []}}\ndefault_target: quiet\n"
    )
    assert "receiver" not in failing(tmp_path, receiver).err
    assert receiver.bodies == []
    failing(tmp_path, receiver, "--target", "prod")
    assert [body["target"] for body in receiver.bodies] == ["prod"]


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ("[{url: 'https://hooks.example.com/x'}]", "the address of a receiver in `notify` is written out"),
        ("[{url: !secret X, format: email}]", "`email`"),
        ("[{url: !secret X, when: [always]}]", "`always`"),
        ("[{when: [failed]}]", "`url`"),
        ("[{url: !secret X, when: !var w}]", "`when` must be written out"),
        ("[!var x]", "must be written out"),
        ("!var x", "`notify` must be written out"),
    ],
)
@pytest.mark.parametrize("place", ["notify: {}", "targets: {{a: {{notify: {}}}}}"])
def test_a_mistake_in_notify_is_found_without_a_server(tmp_path: Path, place: str, rows: str, words: str) -> None:
    path = tmp_path / "owui-sync.yaml"
    path.write_text(f"version: 1\n{place.format(rows)}\n")
    with pytest.raises(ManifestError) as caught:
        load_config(path)
    (problem,) = caught.value.problems
    assert words in problem.message
    assert "owui-sync.yaml:2:" in str(problem.where)
    assert "hooks.example.com" not in str(caught.value)


def test_drift_and_changes_are_told_and_a_clean_plan_is_not(project: Project, receiver: ReceiverServer) -> None:
    name = project.stack
    project.write(f"prompts: {{{name}: {{content: 'our text'}}}}")
    (project.folder / "owui-sync.yaml").write_text(
        f"version: 1\nstack: {name}\nlayers: [manifest.yaml]\nnotify: [{{url: !secret HOOK}}]\n"
    )

    def run(*words: str) -> list[str]:
        receiver.bodies.clear()
        ran = project.run(*words, HOOK=receiver.url)
        assert ran.code == 0, ran.err
        return receiver.bodies[0]["events"] if receiver.bodies else []

    assert run("plan") == []
    assert run("apply", "--yes") == ["applied"]
    assert receiver.bodies[0]["changes"] == [{"action": "create", "object": f"prompt/{name}", "status": "done"}]
    assert receiver.bodies[0]["stack"] == project.stack
    assert run("apply", "--yes") == []
    row = project.prompts()[name]
    project.api("POST", f"/api/v1/prompts/id/{row['id']}/update", {**row, "content": "by hand"})
    assert run("plan") == ["drift"]
    assert receiver.bodies[0]["plan"]["drifted"] == 1
    assert "by hand" not in str(receiver.bodies)
    assert run("apply", "--yes") == ["drift", "applied"]
    assert run("destroy", "--yes") == ["applied"]


def test_a_person_who_says_no_is_told_nothing(
    project: Project, receiver: ReceiverServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.write(f"prompts: {{{project.stack}: {{content: x}}}}")
    (project.folder / "owui-sync.yaml").write_text(
        "version: 1\nlayers: [manifest.yaml]\nnotify: [{url: !secret HOOK}]\n"
    )
    monkeypatch.setattr("owui_sync.cli.apply.asking", lambda yes: _no)
    assert project.run("apply", HOOK=receiver.url).code == 130
    assert receiver.bodies == []


def _no(question: str) -> None:
    raise click.Abort
