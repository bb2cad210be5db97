"""How a run is carried out, as the command line says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from owui_sync.client.connect import Server


@dataclass(frozen=True, slots=True)
class RunOptions:
    """How a run is carried out.

    Args:
        server: the server to change.
        lock_timeout: seconds to wait for another run of the same stack.
        parallelism: changes, or jobs, at a time.
        ask: asks a question and raises where the answer is no; None: go ahead without a question.
        question: what is asked before the plan is applied.
        claim_stack: accept manifests that name none of the objects that the stack owns.
        is_stopped: tells when to start nothing more, where somebody else handles signals for several runs; None: the
            run handles them itself.
        expect_digest: the `digest` that the plan must have; None: any.
    """

    server: Server
    lock_timeout: float
    parallelism: int
    ask: Callable[[str], None] | None = None
    question: str = "Apply this plan?"
    claim_stack: bool = False
    is_stopped: Callable[[], bool] | None = None
    expect_digest: str | None = None
