"""`owui-sync clone --copy-secrets`: the secrets of a server go to another one in memory, and no command shows one.

The tests build on each other: each goes on with what the one before left on the destination.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from owui_sync.pytest_plugin import OpenWebUIFactory
from tests.support.project import Project, Ran
from tests.support.proxy import Answer, proxied
from tests.support.server import Server
from tests.support.whole import SECRET, SERVER, fill_whole, planted, raw, secrets_of, without_providers

pytestmark = pytest.mark.slow

ENOUGH = 80
"""So many secrets there are at least: a server that lost them would prove nothing."""
FORMATS = ("text", "json", "markdown", "html")
REPORTS = (*FORMATS, "gitlab", "junit", "prometheus")


@pytest.fixture(scope="module")
def servers(open_webui_factory: OpenWebUIFactory, tmp_path_factory: pytest.TempPathFactory) -> list[Project]:
    """A server with everything, and an empty one."""
    folder = tmp_path_factory.mktemp("secrets")
    both = [Project(folder, open_webui_factory(settings=SERVER), "secrets") for _ in range(2)]
    fill_whole(both[0], folder)
    without_providers(both[1])
    return both


def run(servers: list[Project], *words: str, second: str = "", **env: str) -> Ran:
    urls = {"one": servers[0].sandbox.url, "two": second or servers[1].sandbox.url}
    lines = (f"  {name}: {{url: '{url}', token: !secret TOKEN_{name.upper()}}}\n" for name, url in urls.items())
    servers[0].folder.joinpath("owui-sync.yaml").write_text("version: 1\ntargets:\n" + "".join(lines), encoding="utf-8")
    tokens = {"TOKEN_ONE": servers[0].sandbox.token, "TOKEN_TWO": servers[1].sandbox.token}
    return servers[0].run(*words, **tokens, **env)


def clone(servers: list[Project], *words: str, second: str = "") -> Ran:
    return run(servers, "clone", "one", "--to", "two", "--yes", *words, second=second)


def reports(folder: Path) -> list[str]:
    """Options for a report of each format."""
    return [word for format in REPORTS for word in ("--report", f"{format}={folder / format}")]


def texts(folder: Path) -> str:
    """All files below a folder, one after the other."""
    return "\n".join(path.read_text(errors="replace") for path in folder.rglob("*") if path.is_file())


class _Kept(tempfile.TemporaryDirectory[str]):
    """A temporary folder that stays."""

    def __exit__(self, *_: object) -> None:
        self._finalizer.detach()  # type: ignore[attr-defined]


def test_a_copy_with_secrets_is_equal_row_by_row(
    servers: list[Project], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr("tempfile.TemporaryDirectory", _Kept)
    ran = clone(servers, "--create-users", "--copy-secrets", "-vv", "--full-diff", *reports(tmp_path))
    assert ran.code == 0, ran.err
    source, copy = map(raw, servers)
    for kind in source:
        assert copy[kind] == source[kind], kind
    secrets = secrets_of(servers[0])
    assert len(secrets) >= ENOUGH
    written = texts(tmp_path)
    assert "TOOL_SERVERS_A_KEY" in written, "the manifests of the source"
    assert "setting/tool_servers.a" in ran.out
    assert SECRET not in ran.out + ran.err + written


def test_a_copy_with_secrets_leaves_nothing_to_do(servers: list[Project]) -> None:
    ran = run(servers, "diff", "one", "two", "--format", "json")
    assert (ran.code, ran.document["changes"]) == (0, [])
    again = clone(servers, "--create-users", "--copy-secrets", "--format", "json")
    assert (again.code, again.document["changes"]) == (0, [])


def test_a_secret_that_differs_is_copied_again_also_to_nothing(servers: list[Project]) -> None:
    first, second = map(Server, servers)
    first.post("/api/v1/tools/id/mail/valves/update", {"api_key": planted("other"), "pin": 99})
    path = "/api/v1/auths/admin/config/ldap/server"
    first.post(path, {**first.get(path), "app_dn_password": planted("ldap")})
    second.post("/api/v1/functions/id/piped/valves/update", {"token": "changed by hand"})
    ran = clone(servers, "--copy-secrets", "--format", "json")
    assert ran.code == 0, ran.err
    assert {change["key"] for change in ran.document["changes"]} == {"mail", "ldap", "piped"}
    assert SECRET not in ran.out + ran.err
    stored = second.get("/api/v1/tools/id/mail/valves")
    assert (stored["api_key"], stored["pin"]) == (planted("other"), 99)
    assert second.get(path)["app_dn_password"] == planted("ldap")
    assert second.get("/api/v1/functions/id/piped/valves") == {"token": planted("piped.token")}


def test_a_copy_without_secrets_keeps_those_of_an_earlier_one(servers: list[Project]) -> None:
    before = raw(servers[1])
    ran = clone(servers, "--allow-missing-secrets", "--format", "json")
    assert (ran.code, ran.document["changes"]) == (0, []), ran.err
    assert raw(servers[1]) == before


def test_no_command_shows_a_secret(servers: list[Project], tmp_path: Path) -> None:
    exported, out = tmp_path / "exported", tmp_path / "out"
    out.mkdir()
    ran = run(servers, "export", "-o", str(exported), "--target", "one", "--files", "-vv")
    assert ran.code == 0, ran.err
    shown = [ran.out, ran.err, texts(exported)]
    lines = (exported / "manifests/settings.yaml").read_text(encoding="utf-8").splitlines()
    names = [line.removeprefix("#   ") for line in lines if line.startswith("#   ")]
    assert len(names) >= ENOUGH - 20
    fresh = {name: planted(f"new {name}") for name in names}
    project = Project(exported, servers[1].sandbox, "secrets", fresh)
    for format in FORMATS:
        ran = project.run("plan", "--format", format, "--full-diff", "-vv", "--take-over", "--out", str(out / format))
        shown += [ran.out, ran.err]
        assert ran.code == 0, ran.err
        ran = project.run("show", str(out / format), "--format", format, "--full-diff")
        shown += [ran.out, ran.err]
    for words in (("state", "list"), ("doctor", "-vv"), ("validate",)):
        ran = project.run(*words)
        shown += [ran.out, ran.err]
    assert any('"secret": true' in text for text in shown)
    with proxied(servers[1].sandbox) as (sandbox, proxy):
        proxy.rule = lambda method, path: _repeating(method, path, fresh)
        Server(servers[0]).post("/api/v1/tools/id/mail/valves/update", {"api_key": planted("mail.api_key")})
        ran = clone(servers, "--copy-secrets", "-vv", second=sandbox.url)
        shown += [ran.out, ran.err]
        assert ran.code == 3, ran.err
        assert "(secret)" in ran.out
        broken = Project(exported, sandbox, "secrets", fresh)
        ran = broken.run("apply", "--yes", "--take-over", "--full-diff", "-vv", *reports(out))
        shown += [ran.out, ran.err]
        assert ran.code == 3, ran.err
        assert "(secret)" in ran.out
    assert [text[text.index(SECRET) - 200 :][:400] for text in [*shown, texts(out)] if SECRET in text] == []


def _repeating(method: str, path: str, fresh: dict[str, str]) -> Answer | None:
    """Refuse what is written to some areas, with the secrets that were sent in the words of the answer."""
    if method != "POST" or not path.endswith(("/retrieval/config/update", "/images/config/update", "valves/update")):
        return None
    area = path.split("/")[3].upper()
    own = [secret for name, secret in fresh.items() if name.startswith(f"{area}_")]
    secrets = " ".join(own or [planted("mail.api_key")])
    return Answer(400, f'{{"detail": "these are wrong: {secrets}"}}'.encode())
