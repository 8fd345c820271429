"""What a batch measures, and what earlier runs did: the numbers that the batch rules compare."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import duckdb
import pyarrow as pa

from warehouse.files import CONFIG
from warehouse.records import Measure
from warehouse.sql import files_in

MEASURED = ("pages", "articles", "article_authors", "quotes")


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """One earlier run's value."""

    value: float
    base: int | None
    run_id: UUID
    started: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """Earlier values by measure and scope, oldest first; `accepted`: when each rule was let pass last."""

    values: Mapping[str, Mapping[str, tuple[Past, ...]]] = field(default_factory=dict)
    accepted: Mapping[str, datetime] = field(default_factory=dict)


NO_HISTORY = History()


def measures_of(tables: Mapping[str, pa.Table]) -> tuple[Measure, ...]:
    """The measures of a batch, by measures/batch.sql."""
    rows = asked(tables, "batch") if tables["pages"].num_rows else []
    return tuple(Measure(name=name, scope=scope, value=value, base=base) for name, scope, value, base in rows)


def asked(tables: Mapping[str, pa.Table], name: str) -> list[tuple]:  # type: ignore[type-arg]
    """The rows that a file of measures/ gives on the tables of a batch."""
    with duckdb.connect(config=CONFIG) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        for table in MEASURED:
            # As bytes: DuckDB cannot push a comparison of ids down into an Arrow table.
            connection.register(table, _with_plain_ids(tables[table]))
        return connection.execute(_sql(name)).fetchall()


def history_of(connection: duckdb.DuckDBPyConnection | None) -> History:
    """What the warehouse knows of earlier runs; None: there is no warehouse yet."""
    if connection is None or not _has_measures(connection):
        return NO_HISTORY
    found: dict[str, dict[str, list[Past]]] = defaultdict(lambda: defaultdict(list))
    for name, scope, value, base, run_id, started in connection.execute(_sql("history")).fetchall():
        found[name][scope].append(Past(value=value, base=base, run_id=run_id, started=started))
    return History(
        values={name: {scope: tuple(past) for scope, past in scopes.items()} for name, scopes in found.items()},
        accepted=dict(connection.execute(_sql("accepted")).fetchall()),
    )


def _has_measures(connection: duckdb.DuckDBPyConnection) -> bool:
    """False for a published file of an earlier version."""
    found = connection.execute("SELECT count(*) FROM duckdb_tables() WHERE table_name = 'measures'").fetchone()
    return bool(found and found[0])


def _with_plain_ids(table: pa.Table) -> pa.Table:
    columns = [column.combine_chunks() for column in table.columns]
    plain = [column.storage if column.type == pa.uuid() else column for column in columns]
    return pa.table(plain, names=table.column_names)


def _sql(name: str) -> str:
    return next(file.text for file in files_in("measures") if file.stem == name)
