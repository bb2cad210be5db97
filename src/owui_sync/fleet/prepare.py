"""From instances and the words of the command line to units of work, their waves, and what an earlier run left."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from owui_sync.errors import ManifestError, UsageError
from owui_sync.fleet.instance import Fleet, Instance
from owui_sync.fleet.unit import DONE, Command, InstanceSpec, Settings
from owui_sync.fleet.wave import ALL, Share, Wave
from owui_sync.manifest.fingerprint import ManifestFingerprint, identify
from owui_sync.manifest.yaml.value_problem import ValueProblem
from owui_sync.values import Json
from owui_sync.wording import listed_briefly


@dataclass(slots=True)
class Fingerprints:
    """The fingerprints of layers; each set of layers is read once."""

    known: dict[tuple[Path, ...], ManifestFingerprint] = field(default_factory=dict)

    def of(self, layers: tuple[Path, ...]) -> ManifestFingerprint:
        """Return the fingerprint of layers. Raises ManifestError for one that cannot be read."""
        if layers not in self.known:
            try:
                self.known[layers] = identify(layers)
            except ValueProblem as wrong:
                raise ManifestError(wrong.message, hint=wrong.hint) from None
        return self.known[layers]


def spec_of(instance: Instance, command: Command, settings: Settings, fingerprints: Fingerprints) -> InstanceSpec:
    """Return the unit of work of an instance; what the instance says of its connection wins.

    Raises:
        ManifestError: a layer cannot be read.
    """
    own = {name: value for name in ("parallelism", "timeout", "rate") if (value := getattr(instance, name)) is not None}
    manifests = fingerprints.of(instance.target.layers)
    options = settings.options
    if not options.message and manifests.commit:
        options = replace(options, message=manifests.commit)
    settings = replace(settings, options=options, **own)
    return InstanceSpec(instance.name, instance.url, command, instance.target, settings, manifests=manifests)


def waves_of(fleet: Fleet, chosen: Sequence[Instance], limit: Share | None = None) -> list[tuple[Wave, list[str]]]:
    """Return the waves of the fleet with the chosen instances in them; waves that have none are left out.

    Args:
        limit: of `--max-failures` or `--fail-fast`: counts instead of what the waves say.
    """
    waves = fleet.waves or (Wave("all"),)
    members: dict[str, list[str]] = {wave.name: [] for wave in waves}
    for instance in chosen:
        members[next(wave.name for wave in waves if wave.selects(instance.labels))].append(instance.name)
    return [
        (wave if limit is None else replace(wave, max_failures=limit), members[wave.name])
        for wave in waves
        if members[wave.name]
    ]


def all_at_once(chosen: Iterable[Instance]) -> list[tuple[Wave, list[str]]]:
    """Return the one wave of a command that changes nothing: no failure keeps the others from being looked at."""
    return [(Wave("all", max_failures=ALL), [instance.name for instance in chosen])]


def left_of(chosen: Sequence[Instance], earlier: Json, name: str) -> list[Instance]:
    """Return the instances that an earlier apply did not bring to their end, those that it did not have included.

    Args:
        earlier: its report.
        name: of the report, for messages.

    Raises:
        UsageError: it is not the report of an apply.
    """
    if earlier["command"] != Command.APPLY:
        raise UsageError(f"--resume takes the report of `fleet apply`, and {name} is one of {earlier['command']}")
    instances = earlier["instances"]
    return [each for each in chosen if instances.get(each.name, {}).get("status") not in DONE]


def changed_since(earlier: Json, chosen: Iterable[Instance], fingerprints: Fingerprints) -> list[str]:
    """Return a warning when instances that an earlier run brought to their end have other manifests by now."""
    done = {name: each for name, each in earlier["instances"].items() if each["status"] in DONE}
    changed = [
        each.name
        for each in chosen
        if each.name in done and done[each.name].get("manifests") != fingerprints.of(each.target.layers).digest
    ]
    if not changed:
        return []
    return [
        f"the manifests changed since the run that is resumed, and {listed_briefly(changed, 5)} got the earlier "
        "ones: run without --resume to bring them up to date"
    ]
