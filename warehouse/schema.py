"""The schema as a page of Markdown, from the comments in the database itself."""

from collections.abc import Iterator
from pathlib import Path

import duckdb

from warehouse.load import KEYS
from warehouse.migrate import migrate

HEAD = """# Schema

Made by `make schema` from the comments in the database; a test compares the two. Ids are UUID: the first 128 bits of a
SHA-256. Times are in UTC. A missing value is null.
"""


def schema_page() -> str:
    """Tables first, in the order of the load, then views."""
    with duckdb.connect(":memory:") as connection:
        migrate(connection, path=Path(":memory:"))
        tables = dict(
            connection.execute("SELECT table_name, comment FROM duckdb_tables() ORDER BY table_name").fetchall()
        )
        views = dict(
            connection.execute(
                "SELECT view_name, comment FROM duckdb_views() WHERE NOT internal AND schema_name = 'main' "
                "ORDER BY view_name"
            ).fetchall()
        )
        order = [*(name for name in KEYS if name in tables), *(name for name in tables if name not in KEYS)]
        parts = [HEAD, "## Tables\n"]
        parts += [_section(connection, name, tables[name]) for name in order]
        parts += ["## Views\n", *(_view(connection, name, views[name]) for name in views)]
        return "\n".join(parts)


def _section(connection: duckdb.DuckDBPyConnection, name: str, comment: str) -> str:
    return (
        "\n".join((f"### {name}\n", f"{comment}.\n", "| column | type | |", "|---|---|---|", *_rows(connection, name)))
        + "\n"
    )


def _rows(connection: duckdb.DuckDBPyConnection, name: str) -> Iterator[str]:
    columns = connection.execute(
        "SELECT column_name, data_type, is_nullable, comment FROM duckdb_columns() "
        "WHERE table_name = ? AND NOT internal ORDER BY column_index",
        [name],
    ).fetchall()
    key = KEYS.get(name, ())
    for column, kind, nullable, comment in columns:
        mark = " key" if column in key else "" if nullable else " not null"
        kind = kind.replace("TIMESTAMP WITH TIME ZONE", "TIMESTAMPTZ")  # noqa: PLW2901 - shorter to read
        yield f"| `{column}` | {kind}{mark} | {comment} |"


def _view(connection: duckdb.DuckDBPyConnection, name: str, comment: str) -> str:
    columns = connection.execute(f'DESCRIBE "{name}"').fetchall()
    return f"### {name}\n\n{comment}: {', '.join(f'`{column[0]}`' for column in columns)}.\n"
