"""A copy of a server with odd values everywhere, of each version, compared row by row past our own code.

`make test-clones` runs it, as it takes long.
"""

from __future__ import annotations

from pathlib import Path

from owui_sync.pytest_plugin import OpenWebUIFactory
from tests.support.project import Project, Ran
from tests.support.whole import SECRET, SERVER, fill_whole, raw, secrets_of, without_providers


def run(servers: list[Project], *words: str) -> Ran:
    urls = {name: server.sandbox.url for name, server in zip(("one", "two"), servers, strict=True)}
    lines = (f"  {name}: {{url: '{url}', token: !secret {name.upper()}}}\n" for name, url in urls.items())
    servers[0].folder.joinpath("owui-sync.yaml").write_text("version: 1\ntargets:\n" + "".join(lines), encoding="utf-8")
    return servers[0].run(*words, ONE=servers[0].sandbox.token, TWO=servers[1].sandbox.token)


def test_a_copy_of_a_server_with_odd_values_is_equal_row_by_row(
    open_webui_factory: OpenWebUIFactory, tmp_path: Path
) -> None:
    servers = [Project(tmp_path, open_webui_factory(settings=SERVER), "any") for _ in range(2)]
    fill_whole(servers[0], tmp_path, odd=True)
    without_providers(servers[1])
    ran = run(servers, "clone", "one", "--to", "two", "--yes", "--create-users", "--copy-secrets")
    assert ran.code == 0, ran.err
    source, copy = map(raw, servers)
    for kind in source:
        assert copy[kind] == source[kind], kind
    assert len(secrets_of(servers[0])) >= 60
    assert SECRET not in ran.out + ran.err
    compared = run(servers, "diff", "one", "two", "--format", "json")
    assert (compared.code, compared.document["changes"]) == (0, [])
    again = run(servers, "clone", "one", "--to", "two", "--yes", "--create-users", "--copy-secrets", "--format", "json")
    assert (again.code, again.document["changes"]) == (0, [])
    counts = {kind: len(rows) for kind, rows in source.items()}
    print(f"\nOpen WebUI {servers[0].sandbox.version}: {compared.document['summary']['unchanged']} objects, {counts}")
