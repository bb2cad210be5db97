"""The manifests of an instance. Instances that ask for the same share one copy, unless there is a secret in it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any

from owui_sync.fleet.unit import InstanceSpec
from owui_sync.manifest.desired import Desired
from owui_sync.manifest.load import load
from owui_sync.manifest.tags.environment import MissingSecret, read_secret
from owui_sync.manifest.yaml.nodes import Tagged

_MOST = 16
"""Copies that are kept: what instances have in common is what their manifests look like most of the time."""

_shared: OrderedDict[object, tuple[frozenset[str], Desired]] = OrderedDict()


def manifests_of(spec: InstanceSpec) -> Desired:
    """Read the manifests of an instance, or return the ones of another instance that asked for the very same.

    What holds a secret is never shared. Raises ManifestError.
    """
    where = _place(spec)
    for names in list(dict.fromkeys(names for names, _ in _shared.values())):
        key = (where, names, _values(spec.target.variables, names))
        if key in _shared:
            _shared.move_to_end(key)
            return _shared[key][1]
    read = secrets_of(spec)
    asked: list[str] = []

    def noting(name: str) -> str:
        asked.append(name)
        return read(name)

    desired = read_manifests(spec, noting)
    if not asked:
        names = desired.variables
        _shared[where, names, _values(spec.target.variables, names)] = names, desired
        if len(_shared) > _MOST:
            _shared.popitem(last=False)
    return desired


def read_manifests(spec: InstanceSpec, secret: Callable[[str], str]) -> Desired:
    """Read the manifests of an instance from their files; `secret` gives the text of a secret. Raises ManifestError."""
    target, settings = spec.target, spec.settings
    return load(
        target.require_layers(),
        variables=settings.variables,
        target_variables=target.variables,
        root=target.root,
        allow_outside=settings.allow_outside,
        stack=target.stack,
        secret=secret,
    )


def secrets_of(spec: InstanceSpec) -> Callable[[str], str]:
    """Return what gives the text of a secret by its name: of what travelled along, else of this machine."""
    if spec.secrets is None:
        return read_secret
    known = spec.secrets

    def read(name: str) -> str:
        if name not in known:
            raise MissingSecret(f"the secret `{name}` was not sent along")
        return known[name]

    return read


def forget() -> None:
    """Forget all manifests, so that the next ones are read from their files."""
    _shared.clear()


def _place(spec: InstanceSpec) -> object:
    target, settings = spec.target, spec.settings
    command_line = _frozen(settings.variables)
    return target.layers, target.root, target.stack, settings.allow_outside, command_line, spec.manifests.digest


def _values(variables: Mapping[str, Any], names: frozenset[str]) -> object:
    """Return the values of these variables; one that is not there counts as well: the manifests have a default."""
    return frozenset((name, _frozen(variables[name])) for name in names if name in variables)


def _frozen(value: Any) -> object:
    if isinstance(value, Mapping):
        return "map", tuple((key, _frozen(item)) for key, item in value.items())
    if isinstance(value, list):
        return "list", tuple(map(_frozen, value))
    if isinstance(value, Tagged):
        return "tag", value.tag, _frozen(value.argument), value.origin.path
    return type(value), value
