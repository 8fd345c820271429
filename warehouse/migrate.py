"""Brings a warehouse to today's schema: numbered migrations once each, views anew whenever a file changed."""

from functools import partial

import duckdb

from extractors.errors import PullquoteError
from warehouse.files import content_of
from warehouse.lake import without_keys
from warehouse.sql import SqlFile, files_in
from warehouse.store import Store
from warehouse.transaction import in_lake, persistently, transaction


def migrate(
    connection: duckdb.DuckDBPyConnection, *, path: Store, migrations: tuple[SqlFile, ...] | None = None
) -> None:
    """Apply what is missing, each migration in its own transaction; writes nothing if nothing is missing.

    `migrations`, if not all there are: those of an older release, the views then with the rest.
    PullquoteError warehouse.newer if the file has migrations that we do not know, or other ones than ours.
    """
    persistently(partial(_migrated, connection, path, migrations))


def _migrated(connection: duckdb.DuckDBPyConnection, path: Store, migrations: tuple[SqlFile, ...] | None) -> None:
    applied = _applied(connection, path=path)
    _refuse_strangers(applied, path=path)
    missing = [file for file in migrations or files_in("migrations") if file.name not in applied]
    for file in missing:
        _apply(connection, [file])
    if migrations:
        return
    views = files_in("views")
    stored = {name: sha256 for name, sha256 in applied.items() if name.startswith("views/")}
    if missing or stored != {file.name: file.sha256 for file in views}:
        _renew_views(connection, views)


def _applied(connection: duckdb.DuckDBPyConnection, *, path: Store) -> dict[str, str]:
    if content_of(connection, path=path) == "empty":
        return {}
    return dict(connection.execute("SELECT name, sha256 FROM schema_files").fetchall())


def _refuse_strangers(applied: dict[str, str], *, path: Store) -> None:
    ours = {file.name: file.sha256 for file in files_in("migrations")}
    for name, sha256 in applied.items():
        if name.startswith("migrations/") and ours.get(name) != sha256:
            reason = "is unknown here" if name not in ours else "was another one then"
            raise PullquoteError("warehouse.newer", f"{path} was made by another version: {name} {reason}")


def _renew_views(connection: duckdb.DuckDBPyConnection, views: tuple[SqlFile, ...]) -> None:
    named = (
        "SELECT view_name FROM duckdb_views() WHERE NOT internal AND schema_name = 'main' AND NOT temporary "
        "AND database_name = current_database()"
    )
    dropped = [f'DROP VIEW "{name}"' for (name,) in connection.execute(named).fetchall()]
    _apply(connection, views, before=[*dropped, "DELETE FROM schema_files WHERE name LIKE 'views/%'"])


def _apply(
    connection: duckdb.DuckDBPyConnection, files: list[SqlFile] | tuple[SqlFile, ...], before: list[str] | None = None
) -> None:
    adapted = without_keys if in_lake(connection) else str
    with transaction(connection, alone=False):  # of two that make one table at once only one can commit anyway
        for statement in before or ():
            connection.execute(statement)
        for file in files:
            connection.execute(adapted(file.text))
            connection.execute("INSERT INTO schema_files VALUES (?, ?)", [file.name, file.sha256])
