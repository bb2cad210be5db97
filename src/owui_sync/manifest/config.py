"""`owui-sync.yaml`: which layers, which targets, which variables."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from owui_sync.errors import ManifestError
from owui_sync.manifest.files.reading import CONFIG_NAME, read_manifest, shown
from owui_sync.manifest.problems import Diagnostics
from owui_sync.manifest.receivers import KEY as NOTIFY
from owui_sync.manifest.receivers import Receiver, check_receivers, receivers_of
from owui_sync.manifest.schema import validate
from owui_sync.manifest.schema.wording import listed
from owui_sync.manifest.tags.environment import read_secret
from owui_sync.manifest.tags.resolver import Resolver
from owui_sync.manifest.yaml.nodes import LocatedMap, Origin, Tagged
from owui_sync.values import Secret
from owui_sync.wording import did_you_mean

FILE_NAME = CONFIG_NAME

_SETTINGS = ("layers", "stack", "only", "exclude", "server_version")
"""What a target may say otherwise than all of them."""

_WRITTEN_OUT = ("version", "vars", "targets", "default_target", NOTIFY)


@dataclass(frozen=True, slots=True)
class Connection:
    """Where a target is. What is None was not written.

    Args:
        url: address of the server.
        token: API key or JWT.
        token_file: file with the token.
        ca_bundle: file with certificates to trust.
        headers: sent with each request; all values are secret.
    """

    url: str | None = None
    token: Secret | None = None
    token_file: Path | None = None
    ca_bundle: Path | None = None
    headers: Mapping[str, Secret] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Target:
    """One place to bring manifests to, with the configuration's common settings worked in.

    Args:
        name: None when no target was chosen.
        root: folder of the configuration, or None without one.
        layers: absolute paths, lowest first.
        stack: owner of the resources, or None when the configuration says nothing.
        variables: name -> value, tags not yet worked out.
        raw: the target as written.
        only: patterns of what commands are about; empty for everything.
        exclude: patterns of what they are not about.
        server_version: the version of Open WebUI that the target runs, as far as the configuration says.
        receivers: who is told when a command ends.
    """

    name: str | None = None
    root: Path | None = None
    layers: tuple[Path, ...] = ()
    stack: str | None = None
    variables: Mapping[str, Any] = field(default_factory=dict)
    raw: LocatedMap | None = None
    only: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    server_version: str | None = None
    receivers: tuple[Receiver, ...] = ()

    def require_layers(self) -> tuple[Path, ...]:
        """Return the layers. Raises `ManifestError` when there are none."""
        if self.layers:
            return self.layers
        if self.root is None:
            raise ManifestError(
                f"no manifests: no PATH was given and there is no {FILE_NAME} here",
                hint="name a file or folder with manifests, or run `owui-sync init` for a starter project",
            )
        raise ManifestError(
            f"no manifests: no PATH was given and {FILE_NAME} has no `layers`",
            where=shown(self.root / FILE_NAME),
            hint="write `layers: [manifests]`, or name a file or folder with manifests",
        )

    def connection(self, leave_out: Collection[str] = (), secret: Callable[[str], str] = read_secret) -> Connection:
        """Return where the target is: only now are the tags of its address and token worked out.

        Args:
            leave_out: keys (`url`, `token`, ...) that are known from elsewhere: their tags may stay unset.
            secret: gives the text of a `!secret` by its name.

        Raises:
            ManifestError: a variable or secret is not set, or a value is wrong.
        """
        if self.raw is None or self.root is None:
            return Connection()
        keys = [key for key in ("url", "token", "token_file", "ca_bundle", "headers") if key not in leave_out]
        resolved = _resolved(self.raw, keys, self.variables, secret)
        return Connection(
            url=resolved.get("url"),
            token=_secret(resolved.get("token")),
            token_file=_path(self.root, resolved.get("token_file")),
            ca_bundle=_path(self.root, resolved.get("ca_bundle")),
            headers={name: _hidden(value) for name, value in (resolved.get("headers") or {}).items()},
        )


@dataclass(frozen=True, slots=True)
class Config:
    """A configuration file.

    Args:
        path: the file, or None when there is none.
        raw: its content as written, tags not yet worked out; None without a file.
    """

    path: Path | None = None
    raw: LocatedMap | None = None

    @property
    def targets(self) -> tuple[str, ...]:
        """Names of the targets, as they are written."""
        return tuple(self.raw.get("targets", ())) if self.raw else ()

    def target(self, name: str | None) -> Target:
        """Return the target `name`, else the default one, else the settings that all targets have in common.

        Raises:
            ManifestError: there is no such target; says which there are.
        """
        name = name or (self.raw.get("default_target") if self.raw else None)
        if name is not None and name not in self.targets:
            raise self._unknown(name)
        if self.path is None or self.raw is None:
            return Target()
        raw = self.raw["targets"][name] if name is not None else LocatedMap(self.raw.at)
        variables = {**self.raw.get("vars", {}), **raw.get("vars", {})}
        wanted = {**_resolved(self.raw, _SETTINGS, variables), **_resolved(raw, _SETTINGS, variables)}
        root = self.path.parent
        return Target(
            name=name,
            root=root,
            layers=tuple(root / layer for layer in wanted.get("layers", ())),
            stack=wanted.get("stack"),
            variables=variables,
            raw=raw,
            only=tuple(wanted.get("only", ())),
            exclude=tuple(wanted.get("exclude", ())),
            server_version=wanted.get("server_version"),
            receivers=receivers_of(raw if NOTIFY in raw else self.raw, variables),
        )

    def _unknown(self, name: str) -> ManifestError:
        if self.path is None:
            return ManifestError(f"no target `{name}`: there is no {FILE_NAME} here", hint="name it with --config")
        hint = did_you_mean(name, self.targets) or f"targets: {listed(self.targets) or 'none'}"
        there = f" ({listed(self.targets)} are)" if self.targets else ""
        return ManifestError(f"`{name}` is no target{there}", where=shown(self.path), hint=hint)


def find(folder: Path) -> Path | None:
    """Return the configuration of a folder, or None. Folders above are not searched.

    The file may be unreadable.
    """
    path = folder / FILE_NAME
    return path if os.path.lexists(path) else None


def load_config(path: Path) -> Config:
    """Read a configuration file.

    Raises:
        ManifestError: with everything that is wrong in it.
    """
    problems = Diagnostics()
    path = path.absolute()
    raw = read_manifest(Origin(path, shown(path), path.parent), problems)
    problems.raise_any()
    if not raw:
        raise ManifestError("the configuration is empty", where=shown(path), hint="begin with `version: 1`")
    validate.config(raw, problems)
    _check_written_out(raw, problems)
    problems.raise_any()
    _check_targets(raw, problems)
    problems.raise_any()
    return Config(path, raw)


def _check_written_out(raw: LocatedMap, problems: Diagnostics) -> None:
    """Refuse a tag where the value decides which tags count."""
    targets = raw.get("targets")
    for place in (raw, *([targets, *targets.values()] if isinstance(targets, LocatedMap) else ())):
        for key, value in place.items() if isinstance(place, LocatedMap) else ():
            if isinstance(value, Tagged) and (place is targets or key in _WRITTEN_OUT):
                problems.add(f"`{key}` must be written out, not be a tag", value.at)
        if isinstance(place, LocatedMap):
            check_receivers(place, problems)


def _check_targets(raw: LocatedMap, problems: Diagnostics) -> None:
    targets = raw.get("targets", LocatedMap(raw.at))
    for name, target in targets.items():
        if isinstance(target.get("token"), str):
            problems.add(
                f"the token of target `{name}` is written out: it must not be in a file that is shared",
                target.values_at["token"],
                "write `token: !secret OWUI_TOKEN` and set that environment variable",
            )
    default = raw.get("default_target")
    if isinstance(default, str) and default not in targets:
        hint = did_you_mean(default, targets) or f"targets: {listed(targets) or 'none'}"
        problems.add(f"`default_target` is `{default}`, which is no target", raw.values_at["default_target"], hint)


def _resolved(
    raw: LocatedMap, keys: Sequence[str], variables: Mapping[str, Any], secret: Callable[[str], str] = read_secret
) -> LocatedMap:
    """Return these keys of a target (or of the common settings) with tags worked out, and checked again."""
    problems = Diagnostics()
    written = LocatedMap(raw.at)
    for key in keys:
        if key in raw:
            written.take(key, raw)
    resolved: LocatedMap = Resolver(variables, problems, Diagnostics(), secret=secret).resolve(written)
    validate.target(resolved, problems)
    problems.raise_any()
    return resolved


def _secret(value: Any) -> Secret | None:
    return Secret(value, {"$secret": "token"}) if isinstance(value, str) else value


def _hidden(value: Any) -> Secret:
    return value if isinstance(value, Secret) else Secret(str(value), {"$secret": "header"})


def _path(root: Path, value: Any) -> Path | None:
    return None if value is None else root / value
