"""Upkeep: a smaller file, fewer captures, everything as Parquet and back. Each leaves a row in `maintenance`."""

import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb
import pyarrow as pa

from extractors.errors import PullquoteError
from warehouse.captures import PATTERN, next_file
from warehouse.connection import Writer, opened
from warehouse.files import named_failures, sync_folder
from warehouse.index import TABLES as INDEX
from warehouse.lake import bytes_in, tidied
from warehouse.migrate import migrate
from warehouse.publish import publish
from warehouse.reader import reader
from warehouse.sql import SqlFile, files_in
from warehouse.store import Store
from warehouse.tables import arrow_of
from warehouse.transaction import persistently, transaction
from warehouse.warc import head_of_file, place_of

CAPTURES = "captures"  # the folder of an export that holds them
SCHEMA = "schema_files"  # the table that says which release wrote an export


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """Bytes on the disk before and after, and how many captures went."""

    before: int
    after: int
    dropped: int = 0


def vacuumed(writer: Writer, *, now: datetime) -> Saved:
    """Write the file anew without the room that deleted rows leave, and publish it; of a lake see `tidied`."""
    if writer.in_lake:
        (_, before) = bytes_in(writer.connection)
        tidied(writer.connection)
        _note(writer.connection, now, "vacuum", f"{before:,} bytes before")
        return Saved(before=before, after=bytes_in(writer.connection)[1])
    files = writer.files
    half = files.beside("incoming")
    with named_failures(files.published):
        writer.connection.execute("FORCE CHECKPOINT")
        before = files.private.stat().st_size
        _note(writer.connection, now, "vacuum", f"{before:,} bytes before")
        _empty_warehouse(half)
        writer.connection.execute(f"ATTACH '{_quoted(half)}' AS fresh")
        for name in _tables(writer.connection):
            writer.connection.execute(f'INSERT INTO fresh."{name}" BY NAME FROM "{name}"')
        writer.connection.execute("DETACH fresh")
    _exchange(writer, half)
    return Saved(before=before, after=files.private.stat().st_size)


def captures_dropped(writer: Writer, folder: Path, *, before: datetime, now: datetime) -> Saved:
    """Drop the captures of pages that came in before a moment, but for those that an open refusal needs.

    The files that hold them are written anew without them, then the rows point to the new files or nowhere, then the
    old files go: killed anywhere between, every pointer leads to its bytes.
    """
    old_files = sorted(folder.glob(PATTERN))
    size = _bytes_in(folder)
    kept, dropped = _kept_and_dropped(writer.connection, before)
    lost = {place_of(pointer).file for pointer in dropped}
    needed = {place_of(pointer).file for pointer in kept}
    rewritten = [path for path in old_files if path.name in lost or path.name not in needed]
    with named_failures(folder):
        moved = dict(_moved(rewritten, kept, folder, now))
        _point_anew(writer.connection, moved, dropped, now)
        publish(writer)
        for path in rewritten:
            path.unlink()
    return Saved(before=size, after=_bytes_in(folder), dropped=len(dropped))


def exported(store: Store, folder: Path, target: Path) -> dict[str, int]:
    """Every table that people see as TARGET/TABLE.parquet, and the captures; rows by table.

    PullquoteError export.exists; the target appears when it is whole.
    """
    if target.exists():
        raise PullquoteError("export.exists", f"{target} is there already")
    half = target.with_name(f".{target.name}.incoming")
    with named_failures(target):
        shutil.rmtree(half, ignore_errors=True)
        half.mkdir(parents=True)
        counts = {}
        with reader(store) as connection:
            for name in (*_tables(connection), SCHEMA):
                if name in INDEX:  # made again by the first publication
                    continue
                copy = f"COPY \"{name}\" TO '{_quoted(half / name)}.parquet' (FORMAT parquet, COMPRESSION zstd)"
                row = connection.execute(copy).fetchone()
                counts[name] = int(row[0]) if row else 0
        if folder.is_dir():
            shutil.copytree(folder, half / CAPTURES)
        half.replace(target)
    return counts


def imported(writer: Writer, folder: Path, source: Path, *, now: datetime) -> dict[str, int]:
    """An export into a warehouse without runs: made as the release that wrote it would have, then brought to today's.

    Rows by table. PullquoteError import.missing, import.not_empty, warehouse.newer.
    """
    if not (source / f"{SCHEMA}.parquet").is_file():
        raise PullquoteError("import.missing", f"{source} holds no export of a warehouse")
    row = writer.connection.execute("SELECT count(*) FROM runs").fetchone()
    if row and row[0]:
        raise PullquoteError("import.not_empty", f"{writer.files.published} has rows already: import into a new file")
    half = writer.files.beside("incoming")
    with named_failures(writer.files.published):
        counts = _filled(half, source, now)
        if (source / CAPTURES).is_dir():
            _copied_captures(source / CAPTURES, folder)
    if writer.in_lake:
        persistently(lambda: _poured(writer, half))
        publish(writer)
        _removed(half)
    else:
        _exchange(writer, half)
    return counts


def _poured(writer: Writer, half: Path) -> None:
    """All rows of a file into an empty lake."""
    connection = writer.connection
    connection.execute(f"ATTACH IF NOT EXISTS '{_quoted(half)}' AS fresh (READ_ONLY)")
    with transaction(connection):
        for name in _tables(connection):
            connection.execute(f'INSERT INTO "{name}" BY NAME FROM fresh."{name}"')
    connection.execute("DETACH fresh")


def _filled(half: Path, source: Path, now: datetime) -> dict[str, int]:
    _removed(half)
    connection = opened(half)
    try:
        migrate(connection, path=source, migrations=_migrations_of(connection, source))
        counts = {}
        for name in _tables(connection):
            file = source / f"{name}.parquet"
            if file.is_file():
                insert = f"INSERT INTO \"{name}\" BY NAME FROM read_parquet('{_quoted(file)}')"
                row = connection.execute(insert).fetchone()
                counts[name] = int(row[0]) if row else 0
        migrate(connection, path=source)
        _note(connection, now, "import", f"{sum(counts.values()):,} rows")
    finally:
        connection.close()
    return counts


def _migrations_of(connection: duckdb.DuckDBPyConnection, source: Path) -> tuple[SqlFile, ...]:
    file = _quoted(source / f"{SCHEMA}.parquet")
    had = dict(connection.execute(f"SELECT name, sha256 FROM read_parquet('{file}')").fetchall())
    ours = files_in("migrations")
    known = {(file.name, file.sha256) for file in ours}
    for name, sha256 in had.items():
        if name.startswith("migrations/") and (name, sha256) not in known:
            raise PullquoteError("warehouse.newer", f"{source} was made by another version: {name} is not ours")
    return tuple(file for file in ours if file.name in had)


def _copied_captures(source: Path, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for path in sorted(source.glob(PATTERN)):
        if (folder / path.name).exists():
            raise PullquoteError("import.not_empty", f"{folder / path.name} is there already")
    for path in sorted(source.glob(PATTERN)):
        shutil.copyfile(path, folder / path.name)
        _sync(folder / path.name)
    sync_folder(folder)


def _empty_warehouse(path: Path) -> None:
    _removed(path)
    connection = opened(path)
    try:
        migrate(connection, path=path)
    finally:
        connection.close()


def _removed(path: Path) -> None:
    for leftover in (path, path.with_name(f"{path.name}.wal")):
        leftover.unlink(missing_ok=True)


def _exchange(writer: Writer, fresh: Path) -> None:
    """Another private file in place of the one that is open, and published."""
    with named_failures(writer.files.published):
        _sync(fresh)
        writer.connection.close()
        fresh.replace(writer.files.private)
        sync_folder(writer.files.private.parent)
        connection = opened(writer.files.private)
        try:
            publish(Writer(connection=connection, files=writer.files))
        finally:
            connection.close()


def _kept_and_dropped(connection: duckdb.DuckDBPyConnection, before: datetime) -> tuple[set[str], set[str]]:
    rows = connection.execute(
        """
        SELECT capture, bool_or(wanted) FROM (
            SELECT capture, first_seen >= ? AS wanted FROM pages
            UNION ALL SELECT capture, status = 'open' FROM quarantine)
        WHERE capture IS NOT NULL AND NOT contains(capture, '/')
        GROUP BY capture
        """,
        [before],
    ).fetchall()
    return {capture for capture, wanted in rows if wanted}, {capture for capture, wanted in rows if not wanted}


def _moved(paths: Iterable[Path], kept: set[str], folder: Path, now: datetime) -> Iterator[tuple[str, str]]:
    """The kept records of these files in new ones, a new one for each: pointers before and after."""
    for path in paths:
        places = sorted((place_of(p) for p in kept if place_of(p).file == path.name), key=lambda place: place.start)
        if not places:
            continue
        new = next_file(folder)
        with path.open("rb") as source, new.open("wb") as target:
            target.write(head_of_file(new.name, now))
            for place in places:
                source.seek(place.start)
                start = target.tell()
                target.write(source.read(place.length))
                yield str(place), f"{new.name}:{start}:{place.length}"
        _sync(new)
    sync_folder(folder)


def _point_anew(
    connection: duckdb.DuckDBPyConnection, moved: Mapping[str, str], dropped: set[str], now: datetime
) -> None:
    rows = [{"old": old, "new": new} for old, new in moved.items()] + [{"old": old, "new": None} for old in dropped]
    connection.register("moves", arrow_of(rows, pa.schema([("old", pa.string()), ("new", pa.string())])))

    def pointed() -> None:
        with transaction(connection):
            for table in ("pages", "quarantine"):
                connection.execute(f"UPDATE {table} SET capture = moves.new FROM moves WHERE capture = moves.old")
            _note(connection, now, "drop-captures", f"{len(dropped):,} captures")

    persistently(pointed)
    connection.unregister("moves")


def _note(connection: duckdb.DuckDBPyConnection, now: datetime, action: str, detail: str) -> None:
    connection.execute("INSERT INTO maintenance VALUES (?, ?, ?)", [now, action, detail])


def _tables(connection: duckdb.DuckDBPyConnection) -> list[str]:
    rows = connection.execute(
        "SELECT table_name FROM duckdb_tables() WHERE schema_name = 'main' AND NOT temporary AND database_name = current_database() "
        "AND table_name <> ? ORDER BY table_name",
        [SCHEMA],
    ).fetchall()
    return [name for (name,) in rows]


def _bytes_in(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.glob(PATTERN))


def _sync(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
