"""Steps of the runs of the client library, told as steps of a job."""

from __future__ import annotations

from owui_sync.client.runs.run import Event, OnStep
from owui_sync.jobs.outcome import JobStep
from owui_sync.jobs.run import Run, Stopped


def steps(run: Run, total: int) -> OnStep:
    """What tells of the steps of a run as they begin, and stops between two of them when the user wants it.

    Args:
        run: the run of the job.
        total: how many steps there are at the most.
    """
    begun = 0

    def tell(event: Event) -> None:
        nonlocal begun
        if event.done:
            return
        if run.context.stop_reason():
            raise Stopped()
        begun += 1
        words = f"{event.step}: {event.words}"
        run.listen(JobStep(run.due.job.name, words, begun, max(begun, total), "", event.tokens))

    return tell
