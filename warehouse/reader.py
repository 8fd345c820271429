"""What people see of a warehouse, to be read only: the published file, or the newest snapshot of a lake."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from extractors.errors import PullquoteError
from warehouse.lake import lake_opened
from warehouse.store import Store


@contextmanager
def reader(store: Store) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection in UTC; PullquoteError warehouse.missing, warehouse.corrupt, and those of `lake_opened`."""
    if not isinstance(store, Path):
        with lake_opened(store, read_only=True) as connection:
            yield connection
        return
    if not store.is_file():
        raise PullquoteError("warehouse.missing", f"there is no warehouse at {store}; an ingest makes one")
    try:
        connection = duckdb.connect(str(store), read_only=True)
    except duckdb.Error as error:
        raise PullquoteError("warehouse.corrupt", f"{store}: {str(error).splitlines()[0]}") from error
    with connection:
        connection.execute("SET TimeZone = 'UTC'")
        yield connection


def is_there(store: Store) -> bool:
    """Whether an ingest has made it. PullquoteError warehouse.unreachable if nobody can tell."""
    if isinstance(store, Path):
        return store.is_file()
    try:
        with lake_opened(store, read_only=True):
            return True
    except PullquoteError as error:
        if error.code != "warehouse.missing":
            raise
        return False
