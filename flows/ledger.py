"""Where a warehouse is looked up: its published file, its captures, what it says of inputs met before."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from uuid import UUID

import duckdb

from extractors.errors import PullquoteError
from flows.fetch.reach import FETCH_STAGE
from flows.intake import Known
from flows.settings import Settings
from warehouse.files import Files
from warehouse.history import NO_HISTORY, History, history_of
from warehouse.load import known


def captures_at(warehouse: Path, settings: Settings) -> Path:
    """The folder of the captures of a warehouse."""
    own = settings.captures
    return Path(own) if own else Files(warehouse.expanduser().resolve()).captures


@contextmanager
def opened_published(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The published file, to be read only; PullquoteError warehouse.missing, warehouse.corrupt."""
    if not path.is_file():
        raise PullquoteError("warehouse.missing", f"there is no warehouse at {path}; an ingest makes one")
    try:
        connection = duckdb.connect(str(path), read_only=True)
    except duckdb.Error as error:
        raise PullquoteError("warehouse.corrupt", f"{path}: {str(error).splitlines()[0]}") from error
    with connection:
        connection.execute("SET TimeZone = 'UTC'")
        yield connection


@contextmanager
def readable(path: Path) -> Iterator[Known]:
    """The ledger of the published file, or of no file; PullquoteError warehouse.corrupt if it is no warehouse."""
    if not path.exists():
        yield lambda _: {}
        return
    with opened_published(path) as connection:
        yield partial(known, connection)


def published_history(path: Path) -> History:
    """What the published file knows of earlier runs; of no file nothing."""
    if not path.exists():
        return NO_HISTORY
    with duckdb.connect(str(path), read_only=True) as connection:
        connection.execute("SET TimeZone = 'UTC'")
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
