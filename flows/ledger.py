"""What the warehouse says of inputs met before, for a run that writes and for one that only rehearses."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import duckdb

from extractors.errors import PullquoteError
from flows.intake import Known
from warehouse.load import known


@contextmanager
def readable(path: Path) -> Iterator[Known]:
    """The ledger of the published file, or of no file; PullquoteError warehouse.corrupt if it is no warehouse."""
    if not path.exists():
        yield lambda _: ()
        return
    try:
        connection = duckdb.connect(str(path), read_only=True)
    except duckdb.Error as error:
        raise PullquoteError("warehouse.corrupt", f"{path}: {str(error).splitlines()[0]}") from error
    with connection:
        yield partial(known, connection)


def open_refusals(connection: duckdb.DuckDBPyConnection) -> int:
    """How many items wait in the quarantine."""
    row = connection.execute("SELECT count(*) FROM quarantine_open").fetchone()
    return int(row[0]) if row else 0
