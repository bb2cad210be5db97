"""One instance of a fleet from what is written about it: its target, its address, where its token is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from owui_sync.errors import ManifestError
from owui_sync.fleet.instance import Instance
from owui_sync.fleet.schema import fleet_schema
from owui_sync.fleet.wave import label_text
from owui_sync.fleet.written import TOKENS, as_defaults, copied
from owui_sync.manifest.config import FILE_NAME as CONFIG_NAME
from owui_sync.manifest.config import Config, Target, load_config
from owui_sync.manifest.files.reading import shown
from owui_sync.manifest.problems import Diagnostics
from owui_sync.manifest.schema import validate
from owui_sync.manifest.tags.resolver import Resolver
from owui_sync.manifest.yaml.nodes import LocatedMap, Origin, Tagged, is_valid
from owui_sync.values import Secret

_KEPT = ("vars", "token", "headers")
"""Settings whose tags are worked out where the instance is run: they may hold secrets."""


@dataclass(slots=True)
class InstanceBuilder:
    """Makes the instances of a fleet.

    Args:
        path: the file of the fleet.
        problems: gets what is wrong.
    """

    path: Path
    problems: Diagnostics
    configs: dict[Path, Config] = field(default_factory=dict)
    targets: dict[tuple[Path | None, str | None], Target] = field(default_factory=dict)

    def instance(self, name: str, row: LocatedMap) -> Instance | None:
        """Return an instance; None when something in it is wrong."""
        before = len(self.problems)
        own = row.get("vars", {})
        names = {"name": name, "NAME": re.sub(r"[^A-Z0-9]", "_", name.upper())}
        written = LocatedMap(row.at)
        for key in row:
            if key not in _KEPT:
                written.put(key, copied(row[key]), row.keys_at[key], row.values_at[key])
        resolver = Resolver({**own, **names}, self.problems, Diagnostics())
        config_keys = {key: written[key] for key in ("config", "target") if key in written}
        chosen = {key: resolver.resolve(value) for key, value in config_keys.items()}
        if len(self.problems) > before or not is_valid(list(chosen.values())):
            return None
        try:
            base = self._target(chosen.get("config"), chosen.get("target"))
        except ManifestError as error:
            for problem in error.problems:
                self.problems.add(str(problem), row.values_at.get("target", row.at))
            return None
        variables = {**base.variables, "instance": name, **own}
        resolver = Resolver({**variables, **names}, self.problems, Diagnostics())
        settings = resolver.resolve(written)
        if len(self.problems) > before:
            return None
        validate.document(as_defaults(settings), fleet_schema, self.problems)
        target = self._joined(name, base, settings, row, variables)
        if len(self.problems) > before or target is None:
            return None
        url = target.raw["url"] if target.raw else ""
        labels = {label: label_text(value) for label, value in settings.get("labels", {}).items()}
        return Instance(
            name, url.rstrip("/"), target, labels, row.at, *map(settings.get, ("parallelism", "timeout", "rate"))
        )

    def _target(self, config: str | None, target: str | None) -> Target:
        """Return what the configuration says: of a target, or for all of them."""
        path = self.path.parent / (config or CONFIG_NAME)
        if config is None and not path.exists():
            if target is None:
                return Target(root=self.path.parent)
            raise ManifestError(f"no target `{target}`: there is no {CONFIG_NAME} beside the fleet")
        if (path, target) not in self.targets:
            if path not in self.configs:
                self.configs[path] = load_config(path)
            self.targets[path, target] = (
                self.configs[path] if target is not None else _without_default(self.configs[path])
            ).target(target)
        return self.targets[path, target]

    def _joined(
        self, name: str, base: Target, settings: LocatedMap, row: LocatedMap, variables: Mapping[str, Any]
    ) -> Target | None:
        """Return the target of an instance: that of the configuration, with what is the instance's own."""
        folder = self.path.parent
        layers = tuple(folder / layer for layer in settings["layers"]) if "layers" in settings else base.layers
        if not layers:
            self.problems.add(f"the instance `{name}` has no layers", row.at, "write `layers` here or under `defaults`")
        raw = self._connection(name, base, settings, row)
        return replace(
            base,
            name=name,
            layers=layers,
            stack=settings.get("stack", base.stack),
            variables=variables,
            raw=raw,
            only=tuple(settings.get("only", base.only)),
            exclude=tuple(settings.get("exclude", base.exclude)),
        )

    def _connection(self, name: str, base: Target, settings: LocatedMap, row: LocatedMap) -> LocatedMap:
        """Return where an instance is; a token of the configuration never goes to an address of the fleet."""
        raw = LocatedMap(row.at)
        if "url" not in settings and base.raw is not None and "url" in base.raw:
            known = base.connection(leave_out=("token", "token_file"))
            raw.put("url", known.url, row.at, row.at)
            for key in ("token", "token_file", "ca_bundle", "headers"):
                if key in base.raw:
                    raw.take(key, base.raw)
            _anchor(raw, base.root or self.path.parent)
        else:
            for key in ("url", "ca_bundle"):
                if key in settings:
                    raw.put(key, settings[key], row.at, row.values_at[key])
        if "headers" in row:
            raw.take("headers", row)
        given = [key for key in TOKENS if key in row]
        if given:
            for key in ("token", "token_file"):
                if key in raw:
                    raw.drop(key)
            self._token(given[0], settings, row, raw)
        _anchor(raw, self.path.parent)
        if isinstance(raw.get("url"), Secret) or not raw.get("url"):
            self.problems.add(f"the instance `{name}` has no address", row.at, "write `url`; it is shown in reports")
        if "token" not in raw and "token_file" not in raw:
            hint = "write `token: !secret NAME`, `token_env: NAME` or `token_file: PATH`"
            self.problems.add(f"the instance `{name}` has no token", row.at, hint)
        return raw

    def _token(self, key: str, settings: LocatedMap, row: LocatedMap, raw: LocatedMap) -> None:
        at = row.values_at[key]
        if key == "token_env":
            origin = Origin(self.path, shown(self.path), self.path.parent)
            raw.put("token", Tagged("secret", settings[key], at, origin), at, at)
        elif key == "token_file":
            raw.put("token_file", settings[key], at, at)
        elif isinstance(row[key], Tagged):
            raw.put("token", row[key], at, at)
        else:
            self.problems.add(
                "a token is written out: it must not be in a file that is shared",
                at,
                "write `token: !secret NAME` and set that environment variable",
            )


def _without_default(config: Config) -> Config:
    """Return the configuration as if it chose no target by itself."""
    if config.raw is None or "default_target" not in config.raw:
        return config
    raw = LocatedMap(config.raw.at)
    for key in config.raw:
        if key != "default_target":
            raw.take(key, config.raw)
    return Config(config.path, raw)


def _anchor(raw: LocatedMap, folder: Path) -> None:
    """Make the paths of a connection absolute."""
    for key in ("token_file", "ca_bundle"):
        if isinstance(raw.get(key), str):
            raw[key] = str(folder / raw[key])
