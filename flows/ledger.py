"""Where a warehouse is looked up: its published file, its captures, what it says of inputs met before."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from uuid import UUID

import duckdb

from flows.fetch.reach import FETCH_STAGE
from flows.intake import Known
from flows.settings import Settings
from warehouse.files import files_of
from warehouse.history import NO_HISTORY, History, history_of
from warehouse.load import known
from warehouse.reader import is_there, reader
from warehouse.store import Store


def captures_at(warehouse: Store, settings: Settings) -> Path:
    """The folder of the captures of a warehouse."""
    own = settings.captures
    return Path(own) if own else files_of(warehouse).captures


@contextmanager
def readable(store: Store) -> Iterator[Known]:
    """The ledger that people see, or that of no warehouse; PullquoteError warehouse.corrupt if it is none of ours."""
    if not is_there(store):
        yield lambda _: {}
        return
    with reader(store) as connection:
        yield partial(known, connection)


def published_history(store: Store) -> History:
    """What people see of earlier runs; of no warehouse nothing."""
    if not is_there(store):
        return NO_HISTORY
    with reader(store) as connection:
        return history_of(connection)


def open_refusals(connection: duckdb.DuckDBPyConnection) -> int:
    """How many items wait in the quarantine."""
    row = connection.execute("SELECT count(*) FROM quarantine_open").fetchone()
    return int(row[0]) if row else 0


def open_items_at(connection: duckdb.DuckDBPyConnection, uris: Sequence[str]) -> tuple[UUID, ...]:
    """The open items of the quarantine that say why one of these addresses could not be fetched."""
    rows = connection.execute(
        "SELECT item_id FROM quarantine_open WHERE stage = ? AND uri IN (SELECT unnest(?))", [FETCH_STAGE, list(uris)]
    ).fetchall()
    return tuple(item for (item,) in rows)
