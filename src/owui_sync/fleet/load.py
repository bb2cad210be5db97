"""`fleet.yaml` -> `Fleet`: what an instance says itself wins over its list, the defaults, and the configuration."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from owui_sync.errors import ManifestError
from owui_sync.fleet.instance import FILE_NAME, Fleet, Instance
from owui_sync.fleet.schema import fleet_schema
from owui_sync.fleet.sources import KINDS, rows_of
from owui_sync.fleet.wave import Share, Wave, duration
from owui_sync.manifest.config import FILE_NAME as CONFIG_NAME
from owui_sync.manifest.config import Config, Target, load_config
from owui_sync.manifest.files.reading import project_root, read_manifest, shown
from owui_sync.manifest.problems import Diagnostics
from owui_sync.manifest.schema import validate
from owui_sync.manifest.tags.resolver import Resolver
from owui_sync.manifest.yaml.nodes import LocatedList, LocatedMap, Origin, Tagged, is_valid
from owui_sync.values import Secret
from owui_sync.wording import listed_briefly

_TOKENS = ("token", "token_env", "token_file")
_KEPT = ("vars", "token", "headers")
"""Settings whose tags are worked out where the instance is run: they may hold secrets."""
_JOINED = ("vars", "labels", "headers")
"""Settings to which an instance adds; all others it replaces."""


def load_fleet(path: Path) -> Fleet:
    """Read a fleet.

    Raises:
        ManifestError: with everything that is wrong in it, and in the files that it names.
    """
    path = path.absolute()
    problems = Diagnostics()
    raw = read_manifest(Origin(path, shown(path), project_root(path, path.parent)), problems)
    problems.raise_any()
    if not raw:
        raise ManifestError("the fleet is empty", where=shown(path), hint="begin with `version: 1`")
    validate.document(raw, fleet_schema, problems)
    problems.raise_any()
    loading = _Loading(path, raw, problems)
    rows = dict(loading.rows())
    problems.raise_any()
    instances = tuple(filter(None, (loading.instance(name, row) for name, row in rows.items())))
    waves = tuple(map(_wave, raw.get("waves", ())))
    _check_waves(waves, instances, raw, problems)
    _check_servers(instances, problems)
    problems.raise_any()
    if not instances:
        raise ManifestError("the fleet has no instances", where=shown(path), hint="list them under `instances`")
    return Fleet(path, instances, waves)


def find_fleet(path: Path | None) -> Path:
    """Return the file of the fleet: the one that is named, else that of this folder. Raises ManifestError for none."""
    if path is None and not (Path.cwd() / FILE_NAME).exists():
        raise ManifestError(f"there is no {FILE_NAME} here", hint="name one with --fleet FILE")
    return path or Path.cwd() / FILE_NAME


@dataclass(slots=True)
class _Loading:
    """A fleet while it is read.

    Args:
        path: its file.
        raw: what is written in it.
        problems: gets what is wrong.
    """

    path: Path
    raw: LocatedMap
    problems: Diagnostics
    configs: dict[Path, Config] = field(default_factory=dict)
    targets: dict[tuple[Path | None, str | None], Target] = field(default_factory=dict)

    def rows(self) -> Iterator[tuple[str, LocatedMap]]:
        """Yield name and settings of each instance, with those that it has in common with others."""
        defaults = self.raw.get("defaults", LocatedMap(self.raw.at))
        seen: dict[str, LocatedMap] = {}
        for name, row, common in self._listed():
            if name in seen:
                message = f"the instance `{name}` is listed twice, first at {seen[name].at}"
                self.problems.add(message, row.at, "names are unique in a fleet")
            else:
                seen[name] = row
                yield name, _merged(defaults, common, row)

    def _listed(self) -> Iterator[tuple[str, LocatedMap, LocatedMap]]:
        nothing = LocatedMap(self.raw.at)
        for name, row in self.raw.get("instances", nothing).items():
            yield name, row, nothing
        for entry in self.raw.get("from", ()):
            common = LocatedMap(entry.at)
            for key in entry:
                if key not in KINDS and not (key == "timeout" and "command" in entry):
                    common.take(key, entry)
            for name, row in rows_of(entry, self.path.parent, self.problems):
                yield name, row, common

    def instance(self, name: str, row: LocatedMap) -> Instance | None:
        """Return an instance; None when something in it is wrong."""
        before = len(self.problems)
        own = row.get("vars", {})
        names = {"name": name, "NAME": re.sub(r"[^A-Z0-9]", "_", name.upper())}
        written = LocatedMap(row.at)
        for key in row:
            if key not in _KEPT:
                written.put(key, _copied(row[key]), row.keys_at[key], row.values_at[key])
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
        validate.document(_listing(settings), fleet_schema, self.problems)
        target = self._joined(name, base, settings, row, variables)
        if len(self.problems) > before or target is None:
            return None
        url = target.raw["url"] if target.raw else ""
        labels = {label: _label(value) for label, value in settings.get("labels", {}).items()}
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
        given = [key for key in _TOKENS if key in row]
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


def _merged(*rows: LocatedMap) -> LocatedMap:
    """Return settings, the later the stronger; of the ways to name a token only the last one counts."""
    result = LocatedMap(rows[-1].at)
    for row in rows:
        if any(key in row for key in _TOKENS):
            for key in _TOKENS:
                if key in result:
                    result.drop(key)
        for key in row:
            below = result.get(key)
            result.take(key, row)
            if key in _JOINED and isinstance(below, LocatedMap) and isinstance(row[key], LocatedMap):
                result[key] = _joined_maps(below, row[key])
    return result


def _joined_maps(below: LocatedMap, above: LocatedMap) -> LocatedMap:
    result = LocatedMap(above.at)
    for part in (below, above):
        for key in part:
            result.take(key, part)
    return result


def _copied(value: Any) -> Any:
    """Return a value whose tags can be worked out in place without touching the original."""
    if isinstance(value, LocatedMap):
        result = LocatedMap(value.at)
        for key, item in value.items():
            result.put(key, _copied(item), value.keys_at[key], value.values_at[key])
        return result
    if isinstance(value, LocatedList):
        items = LocatedList(value.at)
        items += map(_copied, value)
        items.items_at = value.items_at
        return items
    return value


def _listing(settings: LocatedMap) -> LocatedMap:
    """Return settings as the `defaults` of a fleet, to be checked once their tags are worked out."""
    document = LocatedMap(settings.at)
    document.put("version", 1, settings.at, settings.at)
    document.put("defaults", settings, settings.at, settings.at)
    return document


def _anchor(raw: LocatedMap, folder: Path) -> None:
    """Make the paths of a connection absolute."""
    for key in ("token_file", "ca_bundle"):
        if isinstance(raw.get(key), str):
            raw[key] = str(folder / raw[key])


def _label(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _wave(raw: LocatedMap) -> Wave:
    select = {
        label: tuple(map(_label, value if isinstance(value, list) else [value]))
        for label, value in raw.get("select", {}).items()
    }
    return Wave(
        name=raw["name"],
        select=select,
        parallel=raw.get("parallel"),
        max_failures=Share.parse(raw.get("max_failures", 0), "max_failures"),
        bake=duration(raw.get("bake", 0)),
        batches=tuple(Share.parse(size, "batches") for size in raw.get("batches", ())),
    )


def _check_waves(waves: Sequence[Wave], instances: Sequence[Instance], raw: LocatedMap, problems: Diagnostics) -> None:
    names = [wave.name for wave in waves]
    for name in sorted({name for name in names if names.count(name) > 1}):
        problems.add(f"two waves are called `{name}`", raw.values_at["waves"])
    lost = [each.name for each in instances if waves and not any(wave.selects(each.labels) for wave in waves)]
    if lost:
        problems.add(
            f"no wave has {listed_briefly(lost, 5)}",
            raw.values_at["waves"],
            "end with a wave without `select`, which takes all the rest",
        )


def _check_servers(instances: Sequence[Instance], problems: Diagnostics) -> None:
    """Refuse two instances that would change the same objects."""
    seen: dict[tuple[str, str | None], str] = {}
    for each in instances:
        key = (each.url.lower(), each.target.stack)
        if key in seen:
            message = f"`{each.name}` is the same server and stack as `{seen[key]}`"
            problems.add(message, each.source, "list a server once, or give the second one a stack of its own")
        seen.setdefault(key, each.name)


def wave_of(fleet: Fleet, instance: Instance) -> Wave:
    """Return the wave of an instance: the first that selects it."""
    return next((wave for wave in fleet.waves if wave.selects(instance.labels)), Wave("all"))
