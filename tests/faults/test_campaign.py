"""One fault at a request, then again without it: nothing is lost, doubled or left behind, and the exit code is true.

One life of a stack is tried in every run, and each fault once with the slow tests. `make test-faults` tries each fault
at each request, with `OPTIONS="--every 7"` at every seventh (each fault begins at another one), and
`pytest tests/faults --faults reset@17` one of them, at that request of every phase.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import count
from pathlib import Path
from random import Random

import pytest

from owui_sync.sandbox import Sandbox
from tests.support.campaign import STATES, Life
from tests.support.faults import BETWEEN, FAULTS, KILLS, RESTART, WRITERS, Case
from tests.support.mixture import PASSWORD
from tests.support.project import Project
from tests.support.proxy import Proxy, proxied

_SEED = 11
_EVERY: Mapping[str, int] = {RESTART: 7, WRITERS: 3}
"""Not at each request: a server takes long to start, and where two processes meet is chance anyway."""
_REQUESTS: Mapping[str, int] = {"create": 60, "update": 60, "saved": 60, "delete": 40}
"""At most so many are there in each phase for sure."""

_ALL = (*FAULTS, *KILLS, WRITERS, RESTART, BETWEEN)
_SAMPLED = (*FAULTS, *KILLS, WRITERS)


@pytest.fixture
def stacks(tmp_path: Path, server: Sandbox) -> Iterator[tuple[Iterator[Project], Proxy]]:
    """Projects of one server, each with a stack and a folder of its own, and what stands before that server."""
    mark = "".join(letter for letter in tmp_path.name[-12:] if letter.isalnum()).lower()

    def projects() -> Iterator[Project]:
        for number in count():
            folder = tmp_path / str(number)
            folder.mkdir()
            yield Project(folder, server, f"{mark}-{number}", PASSWORD)

    with proxied(server) as (_, proxy):
        yield projects(), proxy


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Take the sample, the whole campaign, or one fault. Each test gets lives, and how many faults strike at least."""
    wanted, phases = metafunc.config.getoption("faults"), len(STATES)
    if wanted == "sample":
        cases = _sample()
        lives = [cases[n : n + phases] for n in range(0, len(cases), phases)]
        some = [
            pytest.param([life], phases, id=_name(life), marks=pytest.mark.slow if number else ())
            for number, life in enumerate(lives)
        ]
    elif wanted == "all":
        every = metafunc.config.getoption("every")
        some = [
            pytest.param(_each(fault, number, every), 1, id=fault, marks=pytest.mark.timeout(0))
            for number, fault in enumerate(_ALL)
        ]
    else:
        fault, _, at = wanted.partition("@")
        some = [pytest.param([[Case(fault, int(at))] * phases], 1, id=wanted, marks=pytest.mark.timeout(0))]
    metafunc.parametrize(("lives", "least"), some)


def _name(cases: list[Case]) -> str:
    return " ".join(map(str, cases))


def _each(fault: str, number: int, every: int) -> Iterator[list[Case]]:
    """Lives without end: the fault with this number at each request, or at every so many; one where none is hit."""
    if fault == BETWEEN:
        return iter([[Case(fault, 0)] * len(STATES)])
    step = max(every, _EVERY.get(fault, 1))
    return ([Case(fault, at)] * len(STATES) for at in count(1 + number % every, step))


def _sample() -> list[Case]:
    """Each fault once, at a request that chance chose; always the same."""
    random, phases = Random(_SEED), [*STATES] * len(_SAMPLED)
    faults = random.sample(_SAMPLED, len(_SAMPLED))
    return [Case(fault, random.randint(1, _REQUESTS[phase])) for fault, phase in zip(faults, phases, strict=False)]


def test_after_a_fault_the_next_apply_leaves_all_as_it_has_to_be(
    stacks: tuple[Iterator[Project], Proxy], lives: Iterable[list[Case]], least: int
) -> None:
    projects, proxy = stacks
    struck: list[str] = []
    wrong: list[str] = []
    for cases in lives:
        life = Life(next(projects), proxy, cases).live()
        struck, wrong = struck + life.struck, wrong + life.wrong
        for one in life.wrong:
            print(one, flush=True)
        if not life.struck:
            break
    print(f"{len(struck)} faults, {len(wrong)} wrong words, codes, leftovers", flush=True)
    assert wrong == []
    assert len(struck) >= least
