"""Which fields of the settings a version of Open WebUI has: `python -m tests.support.known_settings VERSION`.

It starts a server of that version, reads each of its forms, and prints the fields and defaults that `fields.json` and
the table of permissions say otherwise; what the sandbox sets is among them. It is for versions before 0.10, as newer
ones have an export with every field.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

from owui_sync.client.api import configs
from owui_sync.client.versions import Version
from owui_sync.environments.throwaway import throwaway
from owui_sync.kinds.permission_names import SINCE, flat
from owui_sync.kinds.rows import value_at
from owui_sync.kinds.settings.table import SPECS
from owui_sync.sandbox import Sandbox, Setup
from owui_sync.sandbox.account import client
from owui_sync.values import ABSENT


def settings_of(sandbox: Sandbox) -> Iterator[str]:
    """Yield what the table of settings says otherwise than a server."""
    version, forms = Version.parse(sandbox.version), {name: get for name, (get, *_) in configs.FORMS.items() if get}
    bodies = {name: _read(sandbox, f"/{path.lstrip('/')}") for name, path in forms.items()}
    for spec in SPECS:
        body = bodies.get(spec.form)
        value = value_at(body, spec.steps)
        has = value is not ABSENT
        if has and ABSENT != spec.default_on(version) != value:
            yield f"{spec.area} {spec.path}: by default {spec.default_on(version)!r}, and {version} has {value!r}"
        if has != (spec.since is None or Version.parse(spec.since) <= version):
            yield f"{spec.area} {spec.path}: since {spec.since}, and {version} {'has' if has else 'lacks'} it"


def permissions_of(sandbox: Sandbox) -> Iterator[str]:
    """Yield what the table of permissions says otherwise than a server."""
    version = Version.parse(sandbox.version)
    known = {path for path, _ in flat(_read(sandbox, "/api/v1/users/default/permissions"))}
    for path, since in SINCE.items():
        if (path in known) != (Version.parse(since) <= version):
            yield f"permission {path}: since {since}, and {version} {'has' if path in known else 'lacks'} it"


def _read(sandbox: Sandbox, path: str) -> Any:
    with client(sandbox.url, sandbox.token) as http:
        answer = http.get(path)
    return answer.json() if answer.status_code == 200 and answer.text.startswith("{") else None


def main() -> None:
    """Measure the version that the command line names."""
    with throwaway("measure", sys.argv[1], Setup(), lambda text: print(text, file=sys.stderr)) as sandbox:
        print("\n".join([*settings_of(sandbox), *permissions_of(sandbox)]))


if __name__ == "__main__":
    main()
