"""Writes docs/reference/upgrades.md: `python -m tests.support.upgrades` rehearses every upgrade on real servers."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from owui_sync.sandbox.install import SUPPORTED

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "everything"
PAGE = ROOT / "docs" / "reference" / "upgrades.md"

_HEAD = """<!-- `make upgrades` writes this page. -->

# Upgrades of Open WebUI

What each upgrade does to objects of every kind, as `owui-sync rehearse` found it with
[`examples/everything`](../../examples/everything): the old version with the manifests applied, then the new one on the
same data, then an apply. To try your own manifests, see [Rehearse an upgrade](../how-to/rehearse-an-upgrade.md).
"""


def pairs(versions: Sequence[str] = SUPPORTED) -> list[tuple[str, str]]:
    """Return each version with the next one, and the first with the last."""
    return [*pairwise(versions), (versions[0], versions[-1])]


def rehearsed(former: str, version: str) -> dict[str, Any]:
    """Return the document of a rehearsal. Raises CalledProcessError for one that did not come to its end."""
    words = ["rehearse", "--from", former, "--to", version, "--format", "json", "--quiet"]
    done = subprocess.run(
        [sys.executable, "-m", "owui_sync", *words],
        cwd=EXAMPLE,
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    document: dict[str, Any] = json.loads(done.stdout) if done.stdout else {}
    if not document or not (document["kept"] or document["impossible"]):
        raise subprocess.CalledProcessError(done.returncode, done.args, done.stdout, done.stderr)
    return document


def page(documents: Sequence[dict[str, Any]]) -> str:
    """Return the page."""
    table = ["| from | to | kept | changed by the migration | no longer possible |", "|---|---|---|---|---|"]
    table += [
        f"| {each['from']} | {each['to']} | {_kept(each)} | {len(each['changed']) or 'nothing'} | "
        f"{len(each['impossible']) or 'nothing'} |"
        for each in documents
    ]
    parts = ["\n".join(table), *("\n".join(_section(each)) for each in documents)]
    return "\n".join([_HEAD, *(f"{part}\n" for part in parts)])


def _kept(document: dict[str, Any]) -> str:
    return f"{len(document['kept'])} objects, {sum(each['fields'] for each in document['kept'])} fields"


def _section(document: dict[str, Any]) -> Iterator[str]:
    yield f"## {document['from']} to {document['to']}"
    yield ""
    yield " ".join(document["advice"])
    for title, rows in (
        ("Changed by the migration:", [_changed(each) for each in document["changed"]]),
        ("No longer possible:", [f"- `{each['message']}`" for each in document["impossible"]]),
        ("The plan on the new version says:", [f"- `{note}`" for note in document["notes"]]),
    ):
        if rows:
            yield from ("", title, "", *rows)


def _changed(each: dict[str, Any]) -> str:
    if "action" in each:
        what = {"create": "is not there any more", "adopt": "has another id"}.get(each["action"], each["action"])
        return f"- `{each['address']}` {what}"
    wanted, now = (_short(each.get(key)) for key in ("wanted", "now"))
    return f"- `{each['address']}`: `{each['path']}` is {now}, was {wanted}"


def _short(value: Any) -> str:
    if isinstance(value, list) and all(
        isinstance(item, dict) and ("path" in item or "$upload" in item) for item in value
    ):
        return ", ".join(f"`{item.get('path') or item['$upload']}`" for item in value)
    return f"`{json.dumps(value, ensure_ascii=False)}`"


if __name__ == "__main__":
    found = []
    for one, other in pairs():
        found.append(rehearsed(one, other))
        print(f"{one} to {other}: {found[-1]['seconds']:.0f} s", flush=True)
    PAGE.write_text(page(found), encoding="utf-8")
