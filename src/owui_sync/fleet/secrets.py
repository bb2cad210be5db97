"""Which secrets an instance needs, by name, and their texts where they are to travel with the work."""

from __future__ import annotations

import ipaddress
from dataclasses import replace
from urllib.parse import urlsplit

from owui_sync.errors import ManifestError, UsageError
from owui_sync.fleet.manifests import read_manifests
from owui_sync.fleet.unit import InstanceSpec
from owui_sync.manifest.tags.environment import read_secret
from owui_sync.manifest.yaml.value_problem import ValueProblem


def check_way(address: str) -> None:
    """Refuse to send secrets where others could read them. Raises UsageError unless it is TLS or this machine."""
    url = urlsplit(address if "://" in address else f"tcp://{address}")
    if url.scheme != "tls" and not _is_loopback(url.hostname or ""):
        raise UsageError(
            f"secrets would travel unprotected to {address}",
            hint="use an address with tls://, or give the workers the secrets themselves",
        )


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def with_secrets(spec: InstanceSpec) -> InstanceSpec:
    """Return the unit of work with the texts of all secrets that this instance names, and of no others.

    Raises:
        ManifestError: one is not set; or the token is in a file that only this machine has.
    """
    if spec.target.raw is not None and "token_file" in spec.target.raw:
        raise ManifestError(
            f"the token of {spec.name} is in a file, which is not sent",
            hint="write `token: !secret NAME` and set NAME_FILE to the path of the file",
        )
    names: list[str] = []

    def note(name: str) -> str:
        names.append(name)
        return name

    spec.target.connection(secret=note)
    read_manifests(spec, note)
    try:
        return replace(spec, secrets={name: read_secret(name) for name in names})
    except ValueProblem as wrong:
        raise ManifestError(wrong.message, hint=wrong.hint) from None
