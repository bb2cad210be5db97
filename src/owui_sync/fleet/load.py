"""`fleet.yaml` -> `Fleet`: what an instance says itself wins over its list, the defaults, and the configuration."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from owui_sync.errors import ManifestError
from owui_sync.fleet.build import InstanceBuilder
from owui_sync.fleet.instance import FILE_NAME, Fleet, Instance
from owui_sync.fleet.schema import fleet_schema
from owui_sync.fleet.sources import KINDS, rows_of
from owui_sync.fleet.wave import Share, Wave, duration, label_text
from owui_sync.fleet.written import merged
from owui_sync.manifest.files.reading import project_root, read_manifest, shown
from owui_sync.manifest.problems import Diagnostics
from owui_sync.manifest.receivers import check_receivers, receivers_of
from owui_sync.manifest.schema import validate
from owui_sync.manifest.yaml.nodes import LocatedMap, Origin, Tagged
from owui_sync.wording import listed_briefly


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
    for key, value in raw.items():
        if isinstance(value, Tagged):
            problems.add(f"`{key}` must be written out, not be a tag", value.at)
    check_receivers(raw, problems)
    problems.raise_any()
    loading, builder = _Loading(path, raw, problems), InstanceBuilder(path, problems)
    rows = dict(loading.rows())
    problems.raise_any()
    instances = tuple(filter(None, (builder.instance(name, row) for name, row in rows.items())))
    waves = tuple(map(_wave, raw.get("waves", ())))
    _check_waves(waves, instances, raw, problems)
    _check_servers(instances, problems)
    problems.raise_any()
    if not instances:
        raise ManifestError("the fleet has no instances", where=shown(path), hint="list them under `instances`")
    return Fleet(path, instances, waves, receivers_of(raw, {}))


def find_fleet(path: Path | None) -> Path:
    """Return the file of the fleet: the one that is named, else that of this folder. Raises ManifestError for none."""
    if path is None and not (Path.cwd() / FILE_NAME).exists():
        raise ManifestError(f"there is no {FILE_NAME} here", hint="name one: `owui-sync fleet plan FILE`")
    return path or Path.cwd() / FILE_NAME


@dataclass(slots=True)
class _Loading:
    """The listed instances of a fleet.

    Args:
        path: its file.
        raw: what is written in it.
        problems: gets what is wrong.
    """

    path: Path
    raw: LocatedMap
    problems: Diagnostics

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
                yield name, merged(defaults, common, row)

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


def _wave(raw: LocatedMap) -> Wave:
    select = {
        label: tuple(map(label_text, value if isinstance(value, list) else [value]))
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
