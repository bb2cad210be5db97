"""`jobs` -> what is to be run: one type each, files read, names and circles checked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from typing import Any

from owui_sync import media
from owui_sync.inputs import in_words
from owui_sync.kinds import KINDS
from owui_sync.kinds.schedule import normal
from owui_sync.manifest.desired import Entry, Job
from owui_sync.manifest.files.digests import digests
from owui_sync.manifest.files.expand import local_file
from owui_sync.manifest.files.left_out import LeftOut
from owui_sync.manifest.files.reading import shown
from owui_sync.manifest.files.sources import FileSources, NamedSource
from owui_sync.manifest.problems import Diagnostics
from owui_sync.manifest.schema.jobs import ONE_OF, SECTION, TYPES
from owui_sync.manifest.schema.validate import Flagged
from owui_sync.manifest.schema.wording import listed
from owui_sync.manifest.yaml.nodes import LocatedList, LocatedMap, is_valid, plain
from owui_sync.manifest.yaml.value_problem import Unkept, ValueProblem
from owui_sync.values import LocalFile, Position, has_secret
from owui_sync.wording import did_you_mean

_ANSWERS = ("title", "tags", "folder", "output", "expect")
"""Keys that mean nothing to a job without an answer."""

_LARGEST_PICTURE = 16 << 20
"""Bytes of a picture, which goes to the model as a part of the question."""

_BEGINNING = 16
"""Bytes that tell what a picture is."""


def build(
    merged: LocatedMap,
    flagged: Flagged,
    sources: FileSources,
    read: list[str],
    problems: Diagnostics,
    warnings: Diagnostics,
) -> dict[str, Job]:
    """Return name -> job, in the order of the manifests; what is wrong is left out.

    Args:
        read: gets the files that were read, as messages show them.
    """
    section = merged.get(SECTION)
    result: dict[str, Job] = {}
    if not isinstance(section, LocatedMap):
        return result
    for name, raw in section.items():
        if any(path[:2] == (SECTION, name) for path in flagged) or not isinstance(raw, LocatedMap) or not is_valid(raw):
            continue
        if has_secret(raw):
            message = f"`job/{name}` has a secret, and everyone who sees its chat would see it"
            problems.add(message, section.keys_at[name], "use `!env` or `!var` for a text that differs by place")
        elif type_ := _type(name, raw, section.keys_at[name], problems):
            result[name] = _job(name, type_, raw, section.keys_at[name], sources, read, problems, warnings)
    return result


def check_alone(name: str, raw: LocatedMap, at: Position, problems: Diagnostics) -> None:
    """Find what is wrong with one job by itself that no schema can say."""
    _type(name, raw, at, problems)
    _check_expressions(raw, problems)


def _type(name: str, raw: LocatedMap, at: Position, problems: Diagnostics) -> str | None:
    """Return what a job is; None, and a problem, for one that is nothing or several things."""
    found = [type_ for type_ in TYPES if type_ in raw]
    if len(found) != 1:
        what = f"is {listed(found, last=' and ')}" if found else "says nothing of what it does"
        problems.add(f"`job/{name}` {what}", at, f"write exactly one of {listed(TYPES, last=' and ')}")
        return None
    fits = True
    for one, many in ONE_OF.get(found[0], ()):
        if (one in raw[found[0]]) == (many in raw[found[0]]):
            word = "both" if one in raw[found[0]] else "neither"
            problems.add(f"`job/{name}` has {word} `{one}` {'and' if word == 'both' else 'nor'} `{many}`", at)
            fits = False
    research = raw.get("research", {})
    if "research" in found and "model" not in research and "answer" not in research.get("models", {}):
        problems.add(f"`job/{name}` names no model", at, "write `model`, or `answer` below `models`")
        fits = False
    if found[0] == "archive" and (useless := [key for key in _ANSWERS if key in raw]):
        problems.add(f"`job/{name}` archives chats and answers nothing: {listed(useless)} mean nothing here", at)
        fits = False
    if "schedule" in raw:
        fits = fits and _can_be_scheduled(name, raw, problems)
    return found[0] if fits else None


def _can_be_scheduled(name: str, raw: LocatedMap, problems: Diagnostics) -> bool:
    """Return whether the server's own automation can do it: one prompt to one model, and nothing else."""
    chat = raw.get("chat", {})
    extra = [key for key in raw if key not in ("chat", "schedule", "folder")]
    extra += [f"chat.{key}" for key in chat if key not in ("model", "prompt")]
    if extra:
        message = f"`job/{name}` has a `schedule`, and the server's automations know no {listed(extra, last=' and ')}"
        problems.add(message, raw.keys_at["schedule"], "run `owui-sync run` from the scheduler of your CI instead")
    return not extra


def scheduled(
    merged: LocatedMap, jobs: Mapping[str, Job], entries: dict[str, Entry], problems: Diagnostics
) -> dict[str, Job]:
    """Return the jobs that apply runs; those with a `schedule` become automations among `entries`."""
    section = merged.get(SECTION, {})
    for job in jobs.values():
        raw = section[job.name]
        if "schedule" not in raw:
            continue
        values = {"model": job.spec["models"][0], "prompt": job.spec["prompts"][0], "schedule": normal(raw["schedule"])}
        values |= {"folder": job.folder} if job.folder else {}
        entry = Entry("automation", job.name, values, job.source, {"schedule": job.where("schedule")})
        other = entries.setdefault(entry.address, entry)
        if other is not entry:
            hint = f"it is already at {other.source}; keep one of the two"
            problems.add(f"`{job.address}` is the automation of the same name", job.source, hint)
    return {name: job for name, job in jobs.items() if "schedule" not in section[name]}


def _job(
    name: str,
    type_: str,
    raw: LocatedMap,
    at: Position,
    sources: FileSources,
    read: list[str],
    problems: Diagnostics,
    warnings: Diagnostics,
) -> Job:
    spec = plain(raw[type_])
    for one, many in ONE_OF.get(type_, ()):
        if one in spec:
            spec[many] = [spec.pop(one)]
    for key in ("files", "images"):
        if key in spec:
            left_out = LeftOut(f"job/{name}", raw[type_].keys_at[key])
            spec[key] = list(_files(raw[type_][key], key, sources, read, problems, left_out))
            if spec[key]:
                left_out.tell(warnings)
            else:
                left_out.refuse(problems)
    folder = KINDS["folder"].normal_key
    if "folder" in spec:
        spec["folder"] = folder(spec["folder"])
    _check_expressions(raw, problems)
    return Job(
        name=name,
        type=type_,
        spec=spec,
        run=raw.get("run", "on-change"),
        needs=tuple(dict.fromkeys(raw.get("needs", ()))),
        title=raw.get("title", name),
        tags=tuple(dict.fromkeys(raw.get("tags", ()))),
        folder=folder(raw["folder"]) if "folder" in raw else None,
        output=_output(raw.get("output"), sources, problems),
        expect=plain(raw.get("expect", {})),
        retries=raw.get("retries", 0),
        source=at,
        positions=dict(_positions("", raw)),
    )


def _positions(path: str, raw: Any) -> Iterator[tuple[str, Position]]:
    if isinstance(raw, LocatedMap):
        for key, value in raw.items():
            yield f"{path}{key}", raw.keys_at[key]
            yield from _positions(f"{path}{key}.", value)


def _files(
    written: Any, key: str, sources: FileSources, read: list[str], problems: Diagnostics, left_out: LeftOut
) -> Iterator[LocalFile]:
    """Yield the files of a list of paths, each once; what is named counts, wherever a wildcard finds it too."""
    places = written.items_at if isinstance(written, LocatedList) else []
    found: dict[str, NamedSource] = {}
    for item, at in zip(written, places, strict=True):
        try:
            for named in sources.named(item, at):
                if named.path not in found or not named.found:
                    found[named.path] = named
        except ValueProblem as wrong:
            problems.add(wrong.message, at, wrong.hint)
    known = digests(found)
    for path, named in found.items():
        try:
            file = local_file(named, known)
            if key == "images":
                _check_picture(file)
            read.append(shown(path))
            yield file
        except ValueProblem as wrong:
            if named.found and isinstance(wrong, Unkept):
                left_out.files.append(wrong)
            else:
                problems.add(wrong.message, named.at, wrong.hint)


def _check_picture(file: LocalFile) -> None:
    if file["size"] > _LARGEST_PICTURE:
        raise ValueProblem(
            f"`{file.source.path}` is larger than {in_words(_LARGEST_PICTURE)}, the most that a picture of a job may "
            "have",
            "make it smaller",
        )
    with file.open() as opened:
        if not media.is_for_models(opened.read(_BEGINNING)):
            raise ValueProblem(
                f"`{file.source.path}` is no PNG, JPEG, GIF or WebP picture", "its content counts, not its name"
            )


def _output(written: Any, sources: FileSources, problems: Diagnostics) -> Mapping[str, str]:
    output = plain(written or {})
    if "file" in output:
        at = written.values_at["file"]
        try:
            path = sources.local(output["file"], at)
            if path.is_dir():
                raise ValueProblem(f"`{shown(path)}` is a folder", "name the file in it")
            output["file"] = shown(path)
        except ValueProblem as wrong:
            problems.add(wrong.message, at, wrong.hint)
    return dict(output)


def _check_expressions(raw: LocatedMap, problems: Diagnostics) -> None:
    written = raw.get("expect", {}).get("matches", ())
    for item, at in zip(written, getattr(written, "items_at", ()), strict=True):
        try:
            re.compile(item)
        except (re.error, RecursionError, OverflowError) as error:
            why = "it is nested too deeply" if isinstance(error, RecursionError) else error
            problems.add(f"`{item}` is no regular expression: {why}", at)


def warn_of_echoes(jobs: Mapping[str, Job], warnings: Diagnostics) -> None:
    """Warn of jobs whose earlier answers would be among the sources of the next ones."""
    for job in jobs.values():
        base = job.output.get("knowledge")
        if base and base in job.spec.get("knowledge", ()):
            message = f"`{job.address}` reads the knowledge base that it writes: its own answers become its sources"
            warnings.add(message, job.where("output.knowledge"), "write to another knowledge base")


def check(merged: LocatedMap, jobs: Mapping[str, Job], entries: Mapping[str, Entry], problems: Diagnostics) -> None:
    """Find jobs that need what is not there, circles, and outputs of two that would write over each other."""
    written = merged.get(SECTION, {})
    for job in jobs.values():
        for name in job.needs:
            if "schedule" in (written.get(name) or ()):
                message = f"`{job.address}` needs `{name}`, which the server runs by its schedule"
                problems.add(message, job.where("needs"), "need a job without a `schedule`")
            elif name not in written:
                hint = did_you_mean(name, written) or "write that job, or do without it"
                problems.add(f"`{job.address}` needs `{name}`, which is no job", job.where("needs"), hint)
    try:
        TopologicalSorter({job.name: [name for name in job.needs if name in jobs] for job in jobs.values()}).prepare()
    except CycleError as error:
        circle = list(reversed(error.args[1]))
        at = jobs[circle[0]].where("needs")
        problems.add(f"jobs need each other in a circle: {' -> '.join(circle)}", at, "one of them must come first")
    _check_outputs(jobs, entries, problems)


def _check_outputs(jobs: Mapping[str, Job], entries: Mapping[str, Entry], problems: Diagnostics) -> None:
    taken: dict[tuple[str, str], str] = {("note", e.key): str(e.source) for e in entries.values() if e.kind == "note"}
    for job in jobs.values():
        for kind, name in job.output.items():
            if kind == "knowledge":
                continue
            at = job.where(f"output.{kind}")
            other = taken.setdefault((kind, name), str(at))
            if other != str(at):
                problems.add(f"the {kind} `{name}` is written at {other} already", at, "choose another name")
