"""A lake as the warehouse: the same tables, written and read through DuckLake.

It has no keys and packs by itself: what a migration says of either is left out. Files are as small as the loads that
wrote them; `tidied` makes large ones of them.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import duckdb

from extractors.errors import PullquoteError
from warehouse.extensions import load_extension
from warehouse.store import DATA, Access, Lake
from warehouse.transaction import persistently

NAME = "warehouse"  # of the lake within a connection
# A column that one file of a commit has nulls in only keeps the bounds of the others' values to itself (DuckLake 1.0 in
# DuckDB 1.5.5): joins on quotes.person_id lost rows that the tables have. The bounds of single files are right.
UNSOUND = "statistics_propagation"

KEPT = timedelta(days=7)  # how long the rows of before a change can still be asked for
GONE = 0.1  # the share of a file's rows from which it is written anew without them
BUSY_MS = 10_000  # how long SQLite waits for another process

CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}

# What DuckLake says of a catalogue that it cannot open, and which of our codes it is.
SYMPTOMS = (
    ("does not exist - and creating", "warehouse.missing"),
    ("unable to open database file", "warehouse.missing"),
    ("file is not a database", "warehouse.corrupt"),
    ("does not match existing data path", "warehouse.address"),
    ("data_path is not set", "warehouse.address"),
    ("requires the extension httpfs", "warehouse.address"),
)


@contextmanager
def lake_opened(lake: Lake, *, read_only: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to the lake, in UTC; one that may write makes the lake if it is missing.

    PullquoteError: warehouse.no_extension, .missing, .corrupt, .address, .unreachable.
    """
    with duckdb.connect(":memory:", config=CONFIG) as connection:
        attach(connection, lake, read_only=read_only)
        connection.execute(f"USE {NAME}")
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute("SET enable_progress_bar = false")
        try:
            yield connection
        except duckdb.IOException as error:  # the catalogue or the store went away
            said = " ".join(str(error).split())
            raise PullquoteError("warehouse.unreachable", f"{lake} cannot be reached any more: {said}") from error


def attach(connection: duckdb.DuckDBPyConnection, lake: Lake, *, read_only: bool) -> None:
    """Attach the lake as "warehouse"; PullquoteError as of `lake_opened`."""
    _load(connection, "ducklake", "sqlite_scanner" if lake.file else "postgres_scanner")
    if lake.file is None or "://" in (lake.data or ""):
        _load(connection, "httpfs")
        _let_in(connection, lake)
    try:
        persistently(lambda: connection.execute(_attachment(lake, read_only=read_only)))
    except duckdb.Error as error:
        said = " ".join(str(error).split())
        code = next((code for symptom, code in SYMPTOMS if symptom in said), "warehouse.unreachable")
        raise PullquoteError(code, _detail(code, lake, said)) from error
    connection.execute(f"SET disabled_optimizers = '{UNSOUND}'")


def data_of(connection: duckdb.DuckDBPyConnection) -> str:
    """Where the files of the attached lake are, ending in a slash."""
    row = connection.execute(f"SELECT data_path FROM ducklake_settings('{NAME}')").fetchone()
    return str(row[0]) if row else ""


def bytes_in(connection: duckdb.DuckDBPyConnection) -> tuple[int, int]:
    """The files of today's rows and their bytes, those that say which rows are gone included."""
    row = connection.execute(
        "SELECT sum(file_count + delete_file_count), sum(file_size_bytes + delete_file_size_bytes) "
        f"FROM ducklake_table_info('{NAME}')"
    ).fetchone()
    return (int(row[0] or 0), int(row[1] or 0)) if row else (0, 0)


def tidied(connection: duckdb.DuckDBPyConnection) -> None:
    """Small files into large ones, without the rows that are gone; what nothing needs any more is deleted."""
    older = f"older_than => now() - INTERVAL '{KEPT.days} days'"
    for call in (
        f"ducklake_rewrite_data_files('{NAME}', delete_threshold => {GONE})",
        f"ducklake_merge_adjacent_files('{NAME}')",
        f"ducklake_expire_snapshots('{NAME}', {older})",
        f"ducklake_cleanup_old_files('{NAME}', {older})",
        f"ducklake_delete_orphaned_files('{NAME}', {older})",  # of transactions that never came to their end
    ):
        persistently(lambda call=call: connection.execute(f"CALL {call}").fetchall())  # type: ignore[misc]


def without_keys(sql: str) -> str:
    """A statement for a lake: keys are what MERGE keeps, Parquet packs by itself, a default is a plain literal."""
    sql = re.sub(r",\s*PRIMARY KEY \([^)]*\)", "", sql)
    sql = sql.replace(" PRIMARY KEY", " NOT NULL")
    sql = re.sub(r" USING COMPRESSION \w+", "", sql)
    return re.sub(r" DEFAULT (true|false)\b", r" DEFAULT '\1'", sql)


def _load(connection: duckdb.DuckDBPyConnection, *names: str) -> None:
    try:
        for name in names:
            load_extension(connection, name)
    except (ModuleNotFoundError, duckdb.Error) as error:
        detail = f"a lake needs extensions of DuckDB {duckdb.__version__}, the extra pullquote[lake]: {error}"
        raise PullquoteError("warehouse.no_extension", detail) from error


def _let_in(connection: duckdb.DuckDBPyConnection, lake: Lake) -> None:
    try:
        connection.execute(_secret(lake.access))
    except duckdb.Error as error:
        kind = type(error).__name__  # without what it says: that may be a key
        raise PullquoteError("warehouse.address", f"the access to the files of {lake} is no good: {kind}") from None


def _secret(access: Access) -> str:
    endpoint = access.endpoint or ""
    values = {
        "KEY_ID": access.key,
        "SECRET": access.secret,
        "SESSION_TOKEN": access.token,
        "REGION": access.region,
        "ENDPOINT": re.sub(r"^https?://", "", endpoint).rstrip("/") or None,
        "URL_STYLE": "path" if endpoint else None,
    }
    told = [f"{name} {_quoted(value)}" for name, value in values.items() if value]
    told += ["USE_SSL false"] if endpoint.startswith("http://") else []
    return f"CREATE SECRET ({', '.join(['TYPE s3', *told])})"


def _attachment(lake: Lake, *, read_only: bool) -> str:
    options = ["READ_ONLY"] if read_only else []
    data = lake.data
    if lake.file:
        options.append(f"META_BUSY_TIMEOUT {BUSY_MS}")
        if not read_only:
            options.append("META_JOURNAL_MODE 'WAL'")  # else a reader keeps every writer out
        if not lake.file.exists():
            data = data or f"{lake.file}.data"
    if data:
        options.append(f"DATA_PATH {_quoted(data)}")
    if not read_only:
        options.append("DATA_INLINING_ROW_LIMIT 0")  # with rows in the catalogue no column may be called row_id
    return f"ATTACH {_quoted('ducklake:' + lake.catalogue)} AS {NAME} ({', '.join(options)})"


def _detail(code: str, lake: Lake, said: str) -> str:
    return {
        "warehouse.missing": f"there is no warehouse at {lake}; an ingest makes one",
        "warehouse.corrupt": f"{lake} is damaged or no lake; it was left as it is",
        "warehouse.address": f"{lake} does not fit: a new lake needs {DATA}…, an old one has its own ({said})",
    }.get(code, f"{lake} cannot be opened: {said}")


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
