"""A campaign of faults: what has to be true of a run that meets one, of the run after it, and of the server then."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from tests.support.faults import Case, broken
from tests.support.mixture import Mixture
from tests.support.project import Project, Ran, changes
from tests.support.proxy import Proxy

STATES: Mapping[str, str] = {"create": "one", "update": "two", "saved": "three", "delete": ""}
"""Phase of a life -> what state it brings about: everything is new, or changed, or changed by a saved plan, or gone."""

_CODES = {0, 1, 3, 4, 6, 69}
"""What a run may say of a fault. 2, 64, 75 and 130 would be of something else, 5 of a plan that is not this one."""

_APPLY = ("apply", ".", "--yes", "--max-delete", "100%")


@dataclass(slots=True)
class Life:
    """A stack from its first apply to its last: each phase is run with a fault, and again without one.

    Args:
        project: on the server itself.
        proxy: what stands before that server; only the runs with a fault go through it.
        cases: the fault of each phase, in the order of `STATES`.

    Attributes:
        struck: the faults that met a request.
        wrong: what was not as it has to be.
    """

    project: Project
    proxy: Proxy
    cases: Sequence[Case]
    struck: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def live(self) -> Life:
        """Go through the phases; one that leaves something wrong ends the life. Nothing is left on the server."""
        mixture = Mixture(self.project)
        try:
            for phase, case in zip(STATES, self.cases, strict=False):
                mixture = replace(mixture, states=(*mixture.states, STATES[phase]))
                mixture.write()
                before = mixture.found()
                hit, ran, others = broken(self.project, self.proxy, case, *self._words(phase))
                self.proxy.settle()
                wrong = [one for end in (ran, *others) if end for one in _dishonest(end, self.project.sandbox.token)]
                if ran and not others:
                    wrong += _belied(ran, hit, before, mixture)
                wrong += _unmended(ran, mixture)
                self.struck += [f"{case} {phase} ({hit})"] if hit else []
                self.wrong += [f"{case} {phase} ({hit}): {one}" for one in wrong]
                if wrong:
                    break
        finally:
            self._end(mixture)
        return self

    def _words(self, phase: str) -> Sequence[str]:
        """The command of a phase; its saved plan is for the proxy's address."""
        if phase != "saved":
            return _APPLY
        self.proxy.rule = lambda method, path: None
        behind = replace(self.project, sandbox=replace(self.project.sandbox, url=self.proxy.url))
        planned = behind.run("plan", ".", "--out", "plan.json")
        assert planned.code == 0, planned.err
        return ("apply", "plan.json", "--yes")

    def _end(self, mixture: Mixture) -> None:
        stack = ("--stack", self.project.stack)
        self.project.run("state", "unlock", *stack)
        self.project.run("destroy", "--yes", *stack)
        mixture.forget()


def _dishonest(ran: Ran, token: str) -> Iterator[str]:
    """What the exit code and the words of a run must not be, whatever the server is like now."""
    said = f"exit {ran.code}: {ran.err[-1500:]}"
    if ran.code not in _CODES:
        yield f"that is no code for a fault: {said}"
    if ran.code in (1, 4, 69) and "error" not in ran.err:
        yield f"no word of an error: {said}"
    for word in ("Traceback", "internal error", "a bug of owui-sync", token):
        if word in ran.err + ran.out:
            yield f"says {word!r}: {said}"
    if ran.code in (0, 3) and bool(short := _short(ran.document)) != (ran.code == 3):
        yield f"short of what was planned: {short}, and yet {said}"
    if ran.code == 6 and all(job["status"] == "done" for job in ran.document["jobs"]):
        yield f"no job failed, and yet {said}"


def _belied(ran: Ran, hit: str, before: list[str], mixture: Mixture) -> Iterator[str]:
    """What shows that the exit code of a run is not true: its fault, and what is on the server."""
    if ran.code and not hit:
        yield f"nothing was broken, and yet exit {ran.code}: {ran.err[-1500:]}"
    now = [line for line in mixture.found() if not line.startswith(("lock ", "inventory"))]
    if ran.code in (4, 69) and now != [line for line in before if not line.startswith("inventory")]:
        yield f"something was changed, and yet exit {ran.code}: {ran.err[-1500:]}"
    if ran.code == 0:
        yield from (f"exit 0 without: {line}" for line in mixture.wanted() if line not in (*now, "inventory"))


def _unmended(ran: Ran | None, mixture: Mixture) -> Iterator[str]:
    """What is wrong after the same manifest was applied once more, without a fault; `ran` is the run with the fault."""
    again = mixture.project.run(*_APPLY, "--format", "json")
    if again.code:
        yield f"again without a fault: exit {again.code}: {again.err[-1500:]}"
        return
    if ran and ran.code in (0, 3, 6) and not ran.document["unrecorded"]:
        done = {address for address, status in _statuses(ran.document).items() if status == "done"}
        if anew := done & changes(again.document).keys():
            yield f"was done, and is done again: {sorted(anew)}"
    plan = mixture.project.run("plan", ".", "--format", "json", "--detailed-exitcode")
    if plan.code:
        yield f"the plan is not empty: exit {plan.code}: {plan.out[:1500]} {plan.err[-500:]}"
    wanted, found = mixture.wanted(), mixture.found()
    for line in sorted({*wanted, *found}):
        if (here := found.count(line)) != (there := wanted.count(line)):
            yield f"{here} instead of {there} times: {line}"
    yield from (f"asked {times} times: {question}" for question, times in mixture.asked().items() if times > 1)


def _short(document: Mapping[str, Any]) -> list[str]:
    """What a run itself says was not done, or done and not written down."""
    missed = [address for address, status in _statuses(document).items() if status != "done"]
    jobs = [f"job/{job['name']}" for job in document["jobs"] if job.get("unrecorded")]
    return [*missed, *jobs, *(["inventory"] if document["unrecorded"] else [])]


def _statuses(document: Mapping[str, Any]) -> dict[str, str]:
    """Address -> status; a change that is done but for a part of it, such as one file, is `incomplete`."""
    rows = [row for row in document["changes"] if "status" in row]
    return {
        f"{row['kind']}/{row['key']}": "incomplete" if row["status"] == "done" and row.get("error") else row["status"]
        for row in rows
    }
