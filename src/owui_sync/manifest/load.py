"""The whole way from paths to `Desired`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from owui_sync.kinds import SECTIONS
from owui_sync.kinds.areas import AreaKind
from owui_sync.manifest import build, checks, jobs, joined, layers, references
from owui_sync.manifest.desired import Desired
from owui_sync.manifest.files.expand import expand
from owui_sync.manifest.files.sources import FileSources
from owui_sync.manifest.problems import Diagnostics
from owui_sync.manifest.schema import near_misses, validate
from owui_sync.manifest.tags.environment import read_secret
from owui_sync.manifest.tags.resolver import Resolver
from owui_sync.manifest.tags.variables import warn_of_unused
from owui_sync.manifest.yaml.nodes import LocatedMap

DEFAULT_STACK = "default"

_VALVES = "valves"
_WITH_VALVES = ("tools", "functions")
"""Sections whose entries have valves, in which null is a value of its own."""


def load(
    paths: Sequence[Path],
    *,
    variables: Mapping[str, Any] | None = None,
    target_variables: Mapping[str, Any] | None = None,
    root: Path | None = None,
    allow_outside: bool = False,
    stack: str | None = None,
    allow_missing_secrets: bool = False,
    secret: Callable[[str], str] = read_secret,
) -> Desired:
    """Read manifests.

    Args:
        paths: the layers, lowest first; each a file, or a folder with all manifests below it.
        variables: of the command line (`--var-file`, then `--var`): they win over all others.
        target_variables: of the configuration; they win over `vars` of the manifests.
        root: folder of the configuration. A manifest inside it may name files inside it; a manifest elsewhere those of
            its git repository, or of its layer's folder.
        allow_outside: tags may name files anywhere.
        stack: of the target or configuration; must not contradict `stack` in the manifests.
        allow_missing_secrets: a `!secret` that is not set is no problem, and left out: for looking only.
        secret: gives the text of a `!secret` by its name.

    Raises:
        ManifestError: with everything that is wrong, by file and line.
    """
    problems, warnings = Diagnostics(), Diagnostics()
    files, uploads = list[str](), list[str]()
    merged, documents = layers.read(paths, root, problems, files)
    resolver = Resolver(
        _variables(merged, target_variables, variables),
        problems,
        warnings,
        allow_outside=allow_outside,
        allow_missing_secrets=allow_missing_secrets,
        secret=secret,
    )
    lists = joined.join(merged, documents, resolver.resolve, problems)
    # Variables are worked out when something asks for them: a secret that nothing uses need not be set.
    for section in [section for section in merged if section != "vars"]:
        merged[section] = _resolved(section, merged[section], resolver)
    flagged = validate.manifest(merged, problems)
    sources = FileSources(paths, root, allow_outside, problems)
    entries = expand(build.entries(merged, flagged, problems), merged, sources, uploads, problems, warnings)
    rules = build.access_rules(lists.rules, problems)
    absent = build.absent(lists.absent, problems)
    moved = build.moved(lists.moved, entries, problems)
    all_jobs = jobs.build(merged, flagged, sources, uploads, problems, warnings)
    written = jobs.scheduled(merged, all_jobs, entries, problems)
    jobs.check(merged, written, entries, problems)
    jobs.warn_of_echoes(written, warnings)
    references.check(merged, entries, rules, absent, problems, warnings)
    checks.check(entries, problems, warnings)
    near_misses.warn(merged, warnings)
    warn_of_unused(variables or {}, merged.get("vars"), resolver.used, warnings)
    owner = _stack(merged, stack, problems)
    problems.raise_any()
    files += [*resolver.files, *uploads]
    return Desired(owner, entries, rules, absent, moved, tuple(files), warnings.in_order(), written, resolver.used)


def _resolved(section: str, value: Any, resolver: Resolver) -> Any:
    """Return a section with its tags worked out; fields of areas may be `!default` and `!null`, valves `!null`."""
    if isinstance(SECTIONS.get(section), AreaKind):
        with resolver.allowing("default", "null"):
            return resolver.resolve(value)
    for entry in value.values() if section in _WITH_VALVES and isinstance(value, LocatedMap) else ():
        if isinstance(entry, LocatedMap) and _VALVES in entry:
            with resolver.allowing("null"):
                entry[_VALVES] = resolver.resolve(entry[_VALVES])
    return resolver.resolve(value)


def _variables(merged: LocatedMap, *stronger: Mapping[str, Any] | None) -> dict[str, Any]:
    defaults = merged.get("vars")
    result: dict[str, Any] = dict(defaults) if isinstance(defaults, dict) else {}
    for more in stronger:
        result.update(more or {})
    return result


def _stack(merged: LocatedMap, wanted: str | None, problems: Diagnostics) -> str:
    written = merged.get("stack")
    if not isinstance(written, str):
        return wanted or DEFAULT_STACK
    if wanted is not None and wanted != written:
        problems.add(
            f"the stack is `{written}` here, but `{wanted}` in the configuration",
            merged.values_at["stack"],
            "write the stack in one of the two places only",
        )
    return written
