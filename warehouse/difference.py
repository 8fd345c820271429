"""What a new extraction of pages would change in the warehouse: rows gained, lost and changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import duckdb
import pyarrow as pa

from warehouse.load import IGNORED, KEYS
from warehouse.sql import files_in

Change = Literal["gained", "lost", "changed"]
CHANGES: tuple[Change, ...] = get_args(Change)

SAMPLES = 5  # of each kind of change and table: enough to see what is going on
AROUND = 60  # characters shown before the first difference of two texts
SHOWN = 300  # characters of a value

# What is compared, and the column that tells a reader which row it is. Ids, offsets and counts follow from these.
TABLES: Mapping[str, str] = {"articles": "title", "quotes": "text"}
APART = IGNORED | {"extractor_version"}  # differ without being another result


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """One column before and after; None: null, or no such row."""

    column: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One row that would change; of a gained or lost one the column that names it."""

    row_id: str
    change: Change
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What would change in one table: rows compared, rows by kind of change, some of them."""

    table_name: str
    rows: int
    counts: Mapping[Change, int]
    samples: tuple[Sample, ...]


def differences(connection: duckdb.DuckDBPyConnection, tables: Mapping[str, pa.Table]) -> tuple[Difference, ...]:
    """The stored rows of the pages in `tables` beside the new ones."""
    for name in ("pages", *TABLES):
        connection.register(f"incoming_{name}", tables[name])
    try:
        return tuple(_difference(connection, name, tables[name].schema) for name in TABLES)
    finally:
        for name in ("pages", *TABLES):
            connection.unregister(f"incoming_{name}")


def _difference(connection: duckdb.DuckDBPyConnection, table_name: str, schema: pa.Schema) -> Difference:
    (key,) = KEYS[table_name]
    columns = [name for name in schema.names if name != key and name not in APART]
    template = next(file.text for file in files_in("comparisons") if file.stem == table_name)
    sql = template.format_map(
        {
            "differs": " OR ".join(f'stored."{name}" IS DISTINCT FROM incoming."{name}"' for name in columns),
            "samples": SAMPLES,
        }
    )
    found = {change: (count, keys) for change, count, keys in connection.execute(sql).fetchall()}
    rows = connection.execute(f'SELECT count(*) FROM "incoming_{table_name}"').fetchone()
    return Difference(
        table_name=table_name,
        rows=int(rows[0]) if rows else 0,
        counts={change: found.get(change, (0, ()))[0] for change in CHANGES},
        samples=tuple(
            _sample(connection, table_name, row_id, change, columns)
            for change in CHANGES
            for row_id in found.get(change, (0, ()))[1]
        ),
    )


def _sample(
    connection: duckdb.DuckDBPyConnection, table_name: str, row_id: object, change: Change, columns: Sequence[str]
) -> Sample:
    shown = columns if change == "changed" else [TABLES[table_name]]
    before = _row(connection, table_name, table_name, row_id, shown)
    after = _row(connection, f"incoming_{table_name}", table_name, row_id, shown)
    values = (_value(column, old, new) for column, old, new in zip(shown, before, after, strict=True) if old != new)
    return Sample(row_id=str(row_id), change=change, values=tuple(values))


def _row(
    connection: duckdb.DuckDBPyConnection, source: str, table_name: str, row_id: object, columns: Sequence[str]
) -> Sequence[str | None]:
    (key,) = KEYS[table_name]
    chosen = ", ".join(f'CAST("{name}" AS VARCHAR)' for name in columns)
    row = connection.execute(f'SELECT {chosen} FROM "{source}" WHERE "{key}" = ?', [row_id]).fetchone()
    return row or [None] * len(columns)


def _value(column: str, before: str | None, after: str | None) -> Value:
    """The two values from shortly before their first difference on."""
    start = 0
    if before and after and max(len(before), len(after)) > SHOWN:
        first = next(
            (place for place, (a, b) in enumerate(zip(before, after, strict=False)) if a != b),
            min(len(before), len(after)),
        )
        start = max(0, first - AROUND)
    return Value(column=column, before=_cut(before, start), after=_cut(after, start))


def _cut(text: str | None, start: int) -> str | None:
    if text is None:
        return None
    return ("…" if start else "") + text[start : start + SHOWN] + ("…" if len(text) > start + SHOWN else "")
