"""How a batch of files is dealt with: by an ingest in this process, which stays warm."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Protocol

import duckdb

from extractors.blocks.model import shipped_models
from extractors.errors import PullquoteError
from flows.harvest import Harvester, in_process
from flows.order import DIRECT, Order
from flows.pool.pool import Pool
from flows.run import ingested
from flows.sources import TOO_LARGE, UNREADABLE, printable
from flows.steps import Steps
from warehouse.connection import writer
from warehouse.validate import prepare

# The warehouse cannot be used, and waiting does not help: the user has to look.
FATAL = frozenset({"warehouse.corrupt", "warehouse.foreign", "warehouse.newer"})
# What these say is about the machine or the installation, not about the files.
OF_THE_SYSTEM = ("warehouse.", "report.", "captures.", "server.", "settings.", "check.invalid")


class NotNowError(PullquoteError):
    """The batch could not be dealt with for a reason that is not in its files: to be tried again, for ever."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dealt:
    """How a batch ended: which files could not be read, and why; `final` are those that never can be.

    `unpublished`: the rows are in the warehouse, but people see them only after `Deal.publish`.
    """

    unread: Mapping[str, str] = field(default_factory=dict)
    final: frozenset[str] = frozenset()
    unpublished: bool = False


class Deal(Protocol):
    """Brings files into the warehouse; NotNowError if it cannot now, any other error is the files' fault.

    `given_up` are files with the reason why nobody should try them again: they go to the quarantine.
    """

    def __call__(self, paths: Sequence[str], *, given_up: Sequence[tuple[str, str]]) -> Dealt: ...

    def publish(self) -> None:
        """Show people what was brought in; the same errors."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Embedded:
    """Deals with a batch by an ingest in this process: the same functions as `ingest --direct`."""

    order: Order
    steps: Steps = DIRECT
    harvester: Harvester = in_process

    def __call__(self, paths: Sequence[str], *, given_up: Sequence[tuple[str, str]]) -> Dealt:
        with _system_apart():
            order = replace(self.order, sources=tuple(paths), given_up=tuple(given_up))
            outcome = ingested(order, steps=self.steps, harvester=self.harvester)
        if outcome.report.run.state == "refused":
            raise PullquoteError("watch.refused", "the checks refused the batch as a whole")
        path_of = {printable(path): path for path in paths}
        unread = {path_of[r.uri]: r for r in outcome.refused if r.code in {UNREADABLE, TOO_LARGE} and r.uri in path_of}
        recorded = outcome.report.run.state != "unchanged"  # then the quarantine has the large ones already
        return Dealt(
            unread={path: r.detail for path, r in unread.items() if r.code == UNREADABLE or not recorded},
            final=frozenset(path for path, r in unread.items() if r.code == TOO_LARGE),
            unpublished=outcome.unpublished,
        )

    def publish(self) -> None:
        with (
            _system_apart(),
            writer(self.order.warehouse, deadline=self.order.settings.busy_seconds) as open_warehouse,
        ):
            self.steps.publish(open_warehouse)


@contextmanager
def _system_apart() -> Iterator[None]:
    """Turns what is the system's fault, and may pass, into NotNowError."""
    try:
        yield
    except PullquoteError as error:
        if error.code.startswith(OF_THE_SYSTEM) and error.code not in FATAL:
            raise NotNowError(error.code, error.detail) from error
        raise
    except (OSError, ImportError, duckdb.Error) as error:
        raise NotNowError("watch.system", f"{type(error).__name__}: {error}") from error


def warmed(harvester: Harvester) -> None:
    """Import what the first batch would otherwise wait for."""
    if isinstance(harvester, Pool):
        harvester.started()
    else:
        shipped_models("html")
        shipped_models("text")
    prepare()
