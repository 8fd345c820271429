"""A large ingest → consecutive runs of a bounded size, and what they come to together."""

from collections.abc import Iterable, Iterator
from itertools import chain

from flows.intake import Batch
from warehouse.records import RunState

WORST_FIRST: tuple[RunState, ...] = ("refused", "warned", "passed", "unchanged")


def slices_of(batches: Iterable[Batch], *, pages: int) -> Iterator[Iterator[Batch]]:
    """The batches in groups of about so many pages: a group ends with the batch that reaches them.

    Lazy, and to be taken in turn: nothing of a group is read before it is asked for, and the one before it has to be read
    to its end then.
    """
    coming = iter(batches)
    for first in coming:
        yield _until(chain([first], coming), pages)


def _until(batches: Iterator[Batch], pages: int) -> Iterator[Batch]:
    met = 0
    for batch in batches:
        yield batch
        met += len(batch.pages)
        if met >= pages:
            return


def worst_of(states: Iterable[RunState]) -> RunState:
    """The state that somebody has to look at first."""
    return min(states, key=WORST_FIRST.index)
