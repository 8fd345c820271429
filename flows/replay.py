"""Stored captures → today's extraction: beside what the warehouse has, and into it on demand; the quarantine as well."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

import duckdb

from extractors.formats import pages_in
from extractors.records import Page, Rejected
from flows.harvest import Harvest, Harvester, in_process
from flows.intake import BATCH_BYTES, Batch
from flows.ledger import captures_at
from flows.order import Begun, Order, Outcome, begun_of
from flows.progress import Count
from flows.run import captures_of, checked_of, harvested, shown, stored
from flows.settings import BATCH_PAGES
from flows.steps import Loadable
from warehouse.connection import writer
from warehouse.difference import Difference, differences
from warehouse.reader import reader
from warehouse.remembered import host_lines
from warehouse.stored import pages_counted, stored_pages

TRIGGER = "replay"  # the same word as in warehouse/merges/stale_8_pages.sql


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """A replay: what differs, pages that have no capture, captures that could not be read.

    `refused`: the checks let none of it in, and so nothing can be compared. `outcome` is the run that loaded it; None
    if nothing was loaded.
    """

    pages: int
    differences: tuple[Difference, ...]
    without_capture: int
    unreadable: tuple[Rejected, ...]
    refused: bool
    outcome: Outcome | None = None

    @property
    def changes(self) -> int:
        """Rows that differ."""
        return sum(count for difference in self.differences for count in difference.counts.values())


def replayed(
    order: Order, *, since: datetime | None = None, promote: bool = False, harvester: Harvester = in_process
) -> Replayed:
    """Extract again what came in `since`; with `promote` load the result as a run, if anything differs.

    Without it the published file is only read. PullquoteError warehouse.missing, and those of `writer`.
    """
    begun = begun_of(order, harvester=harvester)
    if not promote:
        with reader(order.warehouse) as connection:
            return _compared(begun, connection, since)[0]
    with writer(order.warehouse, deadline=order.settings.busy_seconds) as opened:
        found, harvest, loadable = _compared(begun, opened.connection, since)
        if not found.changes:
            return found
        outcome = stored(begun, harvest, loadable, opened, captures_of(order, opened))
        return replace(found, outcome=shown(begun, outcome, opened))


def today_of(page: Page) -> Page:
    """The stored page as it would be read today: its format is found anew, and its encoding where the bytes
    tell it: what a server once said of it is not said again. Its id stays.
    """
    for url in (page.url, None):  # the id was made with the address that was given, not with one the page declares
        for found in pages_in(page.data, uri=page.uri, url=url, fetched_at=page.fetched_at, charset=page.charset):
            if isinstance(found, Page) and found.page_id == page.page_id:
                return replace(found, capture=page.capture)
    return page


def batches_of_pages(pages: Iterable[Page]) -> Iterator[Batch]:
    """The pages in batches as an ingest has them."""
    waiting: list[Page] = []
    size = 0
    for page in pages:
        waiting.append(page)
        size += page.bytes
        if len(waiting) >= BATCH_PAGES or size >= BATCH_BYTES:
            yield batch_of(waiting)
            waiting, size = [], 0
    if waiting:
        yield batch_of(waiting)


def batch_of(pages: Sequence[Page]) -> Batch:
    """The pages as one batch, without inputs behind them."""
    return Batch(pages=tuple(pages), inputs=(), rejected=(), unchanged=0, duplicates=0)


def _compared(
    begun: Begun, connection: duckdb.DuckDBPyConnection, since: datetime | None
) -> tuple[Replayed, Harvest, Loadable]:
    unreadable: list[Rejected] = []
    folder = captures_at(begun.order.warehouse, begun.order.settings)
    with_capture, without = pages_counted(connection, since=since)
    pages = (today_of(page) for page in _readable(stored_pages(connection, folder, since=since), unreadable))
    harvest = harvested(
        begun, batches_of_pages(pages), count=Count(total=with_capture), remembered=partial(host_lines, connection)
    )
    loadable = checked_of(begun, harvest)
    found = Replayed(
        pages=harvest.funnel.pages,
        differences=differences(connection, loadable.tables),
        without_capture=without,
        unreadable=tuple(unreadable),
        refused=loadable.run.state == "refused",
    )
    return found, harvest, loadable


def _readable(found: Iterable[Page | Rejected], unreadable: list[Rejected]) -> Iterator[Page]:
    for item in found:
        if isinstance(item, Rejected):
            unreadable.append(item)
        else:
            yield item
