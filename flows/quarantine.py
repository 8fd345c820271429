"""The quarantine: one item with its bytes, and trying again what was refused."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from hashlib import sha256
from pathlib import Path
from uuid import UUID

import duckdb

from extractors.errors import PullquoteError
from extractors.formats import pages_in
from extractors.records import Page
from flows.harvest import Harvester, in_process
from flows.intake import Input
from flows.ledger import captures_at
from flows.order import Order, Outcome, begun_of
from flows.progress import Count
from flows.replay import batches_of_pages, today_of
from flows.run import captures_of, checked_of, harvested, shown, stored
from flows.sources import STDIN, Source, data_of, sources_of
from warehouse.connection import writer
from warehouse.load import known
from warehouse.reader import reader
from warehouse.remembered import host_lines
from warehouse.store import Store
from warehouse.stored import stored_pages
from warehouse.warc import captured

COLUMNS = ("item_id", "stage", "code", "detail", "uri", "page_id", "payload", "capture", "status", "run_id")


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One row of the quarantine."""

    item_id: UUID
    stage: str
    code: str
    detail: str
    uri: str
    page_id: UUID | None
    payload: bytes
    capture: str | None
    status: str
    run_id: UUID

    def data(self, folder: Path) -> bytes:
        """All its bytes; `folder` is that of the captures."""
        return captured(folder, self.capture) if self.capture else self.payload


@dataclass(frozen=True, slots=True, kw_only=True)
class Retried:
    """What came of trying again: items tried, those mended, and the run that loaded them (None: nothing to load)."""

    tried: tuple[Item, ...]
    mended: frozenset[UUID]
    outcome: Outcome | None = None


@dataclass(slots=True)
class _Again:
    """What is to be read again; `untried` are items that cannot be, or that fail as before."""

    pages: dict[UUID, Page] = field(default_factory=dict)
    inputs: list[Input] = field(default_factory=list)
    untried: set[UUID] = field(default_factory=set)


def item_named(name: str, warehouse: Store) -> Item:
    """The item with this id, or the only one that begins with it; PullquoteError quarantine.missing, .ambiguous."""
    with reader(warehouse) as connection:
        found = _items(connection, "starts_with(item_id::VARCHAR, ?)", name.lower())
    if not name or not found:
        raise PullquoteError("quarantine.missing", f"no item of the quarantine has the id {name}")
    if len(found) > 1:
        raise PullquoteError("quarantine.ambiguous", f"{len(found)} items begin with {name}: give more of the id")
    return found[0]


def retried(
    order: Order, *, names: Sequence[str] = (), code: str | None = None, harvester: Harvester = in_process
) -> Retried:
    """Try the open items again, or only those with these ids (or beginnings of ids) or this code.

    What passes now is loaded as a run and the items are resolved; what does not stays as it is, and if nothing passes
    nothing is written.
    """
    begun = begun_of(order, harvester=harvester)
    with writer(order.warehouse, deadline=order.settings.busy_seconds) as opened:
        tried = tuple(item for item in _items(opened.connection, "status = 'open'") if _meant(item, names, code))
        again = _again(tried, opened.connection, captures_at(order.warehouse, order.settings))
        captures = captures_of(order, opened)
        batches = [
            replace(batch, pages=captures.of_pages(batch.pages, now=begun.started))
            for batch in batches_of_pages(again.pages.values())
        ]
        remembered = partial(host_lines, opened.connection)
        harvest = harvested(begun, batches, count=Count(total=len(again.pages)), remembered=remembered)
        harvest = replace(harvest, inputs=tuple(again.inputs))
        loadable = checked_of(begun, harvest)
        refused = {item.item_id for item in loadable.quarantined} | again.untried
        mended = frozenset(item.item_id for item in tried) - refused
        if not mended or loadable.run.state == "refused":
            return Retried(tried=tried, mended=frozenset())
        outcome = stored(begun, harvest, replace(loadable, retried=tuple(mended)), opened, captures)
        outcome = shown(begun, outcome, opened)
    return Retried(tried=tried, mended=mended, outcome=outcome)


def _items(connection: duckdb.DuckDBPyConnection, condition: str, *values: str) -> tuple[Item, ...]:
    rows = connection.execute(
        f"SELECT {', '.join(COLUMNS)} FROM quarantine WHERE {condition} ORDER BY code, uri, item_id", values
    ).fetchall()
    return tuple(Item(**dict(zip(COLUMNS, row, strict=True))) for row in rows)


def _meant(item: Item, names: Sequence[str], code: str | None) -> bool:
    named = not names or any(name and str(item.item_id).startswith(name.lower()) for name in names)
    return named and code in (None, item.code)


def _again(items: Sequence[Item], connection: duckdb.DuckDBPyConnection, folder: Path) -> _Again:
    again = _Again()
    page_ids = {item.page_id for item in items if item.page_id}
    for page in stored_pages(connection, folder, only=list(page_ids)):
        if isinstance(page, Page):
            again.pages[page.page_id] = today_of(page)
    for item in items:
        if item.page_id is None:
            _take_input(again, item, connection, folder)
        elif item.page_id not in again.pages:
            _take_page(again, item, folder)
    return again


def _take_input(again: _Again, item: Item, connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """What gave no page: from its bytes, or, where not even those could be had, from its place."""
    data = _from_place(item.uri) if item.stage == "source" else item.data(folder)
    found = tuple(pages_in(data, uri=item.uri)) if data is not None else ()
    pages = [page for page in found if isinstance(page, Page)]
    if data is None or len(pages) < len(found) or not pages:
        again.untried.add(item.item_id)
        return
    again.pages |= {page.page_id: page for page in pages}
    place = (item.uri, sha256(data).hexdigest())
    if item.stage == "source" or known(connection, [place]):  # else it is a part of an input, which has a row itself
        again.inputs.append(Input(uri=place[0], sha256=place[1], page_ids=tuple(page.page_id for page in pages)))


def _from_place(uri: str) -> bytes | None:
    for source in sources_of([uri]):
        data = data_of(source) if isinstance(source, Source) and uri != STDIN else None
        if isinstance(data, bytes):
            return data
    return None


def _take_page(again: _Again, item: Item, folder: Path) -> None:
    """A page without capture: from the bytes of the refusal, if they are the page's."""
    found = pages_in(item.data(folder), uri=item.uri) if item.stage == "extract" else ()
    pages = {page.page_id: page for page in found if isinstance(page, Page) and page.page_id == item.page_id}
    again.pages |= pages
    if not pages:
        again.untried.add(item.item_id)
