"""What a warehouse consists of: files with their sizes, tables with their rows, versions."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from warehouse.captures import PATTERN
from warehouse.files import OURS, files_of
from warehouse.lake import bytes_in, data_of
from warehouse.reader import reader
from warehouse.store import Store


def inventory_of(store: Store, captures: Path) -> tuple[tuple[str, str], ...]:
    """Names and values, a line each."""
    kept = [file.stat().st_size for file in captures.glob(PATTERN)]
    with reader(store) as connection:
        return (
            *(_of_file(store) if isinstance(store, Path) else _of_lake(str(store), connection)),
            ("captures", f"{captures} {sum(kept):,} bytes in {len(kept):,} files"),
            *_of_database(connection),
        )


def _of_file(path: Path) -> Iterator[tuple[str, str]]:
    private = files_of(path).private
    yield "published", f"{path} {_told(path)}"
    yield "private", _told(private) if private.exists() else "-"


def _of_lake(address: str, connection: duckdb.DuckDBPyConnection) -> Iterator[tuple[str, str]]:
    files, size = bytes_in(connection)
    row = connection.execute("SELECT count(*), max(snapshot_time) FROM ducklake_snapshots('warehouse')").fetchone()
    yield "catalogue", address.partition("?")[0]
    yield "data", f"{data_of(connection)} {size:,} bytes in {files:,} files"
    yield "snapshots", f"{row[0]:,}, the newest of {row[1]:%Y-%m-%d %H:%M:%S} UTC" if row else "-"


def _of_database(connection: duckdb.DuckDBPyConnection) -> Iterator[tuple[str, str]]:
    for (name,) in connection.execute(f"{OURS} AND schema_name = 'main' ORDER BY table_name").fetchall():
        row = connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()
        yield str(name), f"{row[0]:,} rows" if row else "-"
    versions = "SELECT extractor_version, count(*) FROM articles GROUP BY ALL ORDER BY ALL"
    told = ", ".join(f"{version} ({count:,} articles)" for version, count in connection.execute(versions).fetchall())
    yield "extractors", told or "-"
    newest = "SELECT max(name) FROM schema_files WHERE name LIKE 'migrations/%'"
    row = connection.execute(newest).fetchone()
    yield "schema", str(row[0]) if row else "-"


def _told(path: Path) -> str:
    status = path.stat()
    return f"{status.st_size:,} bytes, written {datetime.fromtimestamp(status.st_mtime, UTC):%Y-%m-%d %H:%M:%S} UTC"
