"""How a batch of files is dealt with: by an ingest in this process, which stays warm."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

import duckdb

from extractors.blocks.model import shipped_models
from extractors.errors import PullquoteError
from flows.run import DIRECT, Order, ingested
from flows.sources import TOO_LARGE, UNREADABLE, printable
from flows.steps import Steps
from warehouse.validate import prepare

# The warehouse cannot be used, and waiting does not help: the user has to look.
FATAL = frozenset({"warehouse.corrupt", "warehouse.foreign", "warehouse.newer"})
# What these say is about the machine or the installation, not about the files.
OF_THE_SYSTEM = ("warehouse.", "report.", "captures.", "server.", "settings.", "check.invalid")


class NotNowError(PullquoteError):
    """The batch could not be dealt with for a reason that is not in its files: to be tried again, for ever."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dealt:
    """How a batch ended: which files could not be read, and why; `final` are those that never can be."""

    unread: Mapping[str, str] = field(default_factory=dict)
    final: frozenset[str] = frozenset()


class Deal(Protocol):
    """Brings files into the warehouse, visibly; NotNowError if it cannot now, any other error is the files' fault.

    `given_up` are files with the reason why nobody should try them again: they go to the quarantine.
    """

    def __call__(self, paths: Sequence[str], *, given_up: Sequence[tuple[str, str]]) -> Dealt: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Embedded:
    """Deals with a batch by an ingest in this process: the same functions as `ingest --direct`."""

    order: Order
    steps: Steps = DIRECT

    def __call__(self, paths: Sequence[str], *, given_up: Sequence[tuple[str, str]]) -> Dealt:
        try:
            outcome = ingested(replace(self.order, sources=tuple(paths), given_up=tuple(given_up)), steps=self.steps)
        except PullquoteError as error:
            if error.code.startswith(OF_THE_SYSTEM) and error.code not in FATAL:
                raise NotNowError(error.code, error.detail) from error
            raise
        except (OSError, ImportError, duckdb.Error) as error:
            raise NotNowError("watch.system", f"{type(error).__name__}: {error}") from error
        if outcome.report.run.state == "refused":
            raise PullquoteError("watch.refused", "the checks refused the batch as a whole")
        path_of = {printable(path): path for path in paths}
        unread = {path_of[r.uri]: r for r in outcome.refused if r.code in {UNREADABLE, TOO_LARGE} and r.uri in path_of}
        recorded = outcome.report.run.state != "unchanged"  # then the quarantine has the large ones already
        return Dealt(
            unread={path: r.detail for path, r in unread.items() if r.code == UNREADABLE or not recorded},
            final=frozenset(path for path, r in unread.items() if r.code == TOO_LARGE),
        )


def warmed() -> None:
    """Import what the first batch would otherwise wait for."""
    shipped_models("html")
    shipped_models("text")
    prepare()
