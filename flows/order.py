"""What is asked of an ingest, how it ended, and a run under way."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar
from uuid import UUID, uuid4

from extractors.records import Rejected
from flows import progress
from flows.harvest import Harvester, in_process, summed
from flows.settings import DEFAULTS, Settings
from flows.slices import worst_of
from flows.steps import Steps
from warehouse.records import Run
from warehouse.report.records import RunReport, Timing
from warehouse.store import Store

DIRECT = Steps()
NAMED = ("command", "flow")  # triggers of ingests whose sources a person has chosen

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What to ingest, into what, and what asked for it. A rehearsal does everything but write.

    `given_up` are inputs that go to the quarantine unseen, each with the reason; `accept` are the batch rules that a
    person lets pass.
    """

    sources: tuple[str, ...]
    warehouse: Store
    reports: Path
    trigger: str = "command"
    rehearsal: bool = False
    settings: Settings = DEFAULTS
    given_up: tuple[tuple[str, str], ...] = ()
    accept: tuple[str, ...] = ()

    @property
    def archives_stay(self) -> bool:
        """Whether archives will be found where they are: those that somebody named; what landed in an inbox may go."""
        return self.trigger in NAMED and not self.settings.copy_archives


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How an ingest ended: `path` is the run's report, or the last run's where nothing was new; None: there is none.

    `refused` are the inputs that gave no page, without their bytes, `waiting` the open items of the quarantine after
    the run, `unpublished` whether rows wait for the next time to publish. `earlier` are the runs before the last one,
    if the ingest was too large for one.
    """

    report: RunReport
    path: Path | None
    refused: tuple[Rejected, ...]
    waiting: int = 0
    unpublished: bool = False
    rehearsal: bool = False
    earlier: tuple[Run, ...] = ()

    @property
    def run(self) -> Run:
        """All the runs of the ingest as one: from the start of the first to the end of the last."""
        runs = (*self.earlier, self.report.run)
        return replace(
            self.report.run,
            started=runs[0].started,
            state=worst_of(run.state for run in runs),
            funnel=summed(run.funnel for run in runs),
        )

    @property
    def failed(self) -> bool:
        """Whether the user has to look: an input could not be taken, or the checks refused a batch."""
        return bool(self.refused) or self.run.state == "refused"


@dataclass(slots=True)
class Stopwatch:
    """Seconds per step, in the order of their first start."""

    seconds: dict[str, float] = field(default_factory=dict)

    def timed(self, step: str, call: Callable[[], Value]) -> Value:
        progress.step(step)
        return self.counted(step, call)

    def counted(self, step: str, call: Callable[[], Value]) -> Value:
        """The same without telling anybody: for a step that is taken bit by bit."""
        begin, before = time.perf_counter(), sum(self.seconds.values())
        try:
            return call()
        finally:
            inside = sum(self.seconds.values()) - before  # a step within a step counts for itself only
            self.seconds[step] = self.seconds.get(step, 0.0) + time.perf_counter() - begin - inside

    def timings(self) -> tuple[Timing, ...]:
        return tuple(Timing(step=step, seconds=round(seconds, 3)) for step, seconds in self.seconds.items())


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A run under way."""

    order: Order
    steps: Steps
    harvester: Harvester
    run_id: UUID
    started: datetime
    watch: Stopwatch


def begun_of(order: Order, *, steps: Steps = DIRECT, harvester: Harvester = in_process) -> Begun:
    """A new run, from now on."""
    return Begun(
        order=order,
        steps=steps,
        harvester=harvester,
        run_id=uuid4(),
        started=datetime.now(UTC),
        watch=Stopwatch(),
    )
