"""What a warehouse consists of: files with their sizes, tables with their rows, versions."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from flows.ledger import opened_published
from warehouse.captures import PATTERN
from warehouse.files import Files


def inventory_of(path: Path, captures: Path) -> tuple[tuple[str, str], ...]:
    """Names and values, a line each."""
    files = Files(path.expanduser().resolve())
    kept = [file.stat().st_size for file in captures.glob(PATTERN)]
    with opened_published(path) as connection:
        return (
            ("published", f"{path} {_told(path)}"),
            ("private", _told(files.private) if files.private.exists() else "-"),
            ("captures", f"{captures} {sum(kept):,} bytes in {len(kept):,} files"),
            *_of_database(connection),
        )


def _of_database(connection: duckdb.DuckDBPyConnection) -> Iterator[tuple[str, str]]:
    names = "SELECT table_name FROM duckdb_tables() WHERE schema_name = 'main' ORDER BY table_name"
    for (name,) in connection.execute(names).fetchall():
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
