"""A checked batch → the warehouse, in one transaction: all of it or nothing, and the same twice as once."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from types import MappingProxyType
from uuid import UUID

import duckdb
import pyarrow as pa

from warehouse.files import named_failures
from warehouse.frames import KEYS as CHECKED
from warehouse.records import Check, Funnel, Loaded, Measure, Quarantined, Run, Seen, Written
from warehouse.settle import Judge, note_touched, settled
from warehouse.sql import files_in, merge_of
from warehouse.tables import SETTLED, arrow_of, columns_of, storable
from warehouse.transaction import in_little_memory, persistently, transaction

RUN_SCHEMAS: Mapping[str, pa.Schema] = MappingProxyType(
    {
        "runs": pa.schema([*columns_of(Run), *columns_of(Funnel)]),
        "checks": columns_of(Check, {"run_id": pa.uuid()}),
        "measures": columns_of(Measure, {"run_id": pa.uuid()}),
        "quarantine": columns_of(Quarantined, {"status": pa.string()}),
        "ledger": columns_of(Seen),
    }
)

Audit = Callable[[Mapping[str, pa.Table]], Sequence[Check]]

KEYS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "pages": ("page_id",),
        "articles": ("article_id",),
        "article_authors": ("article_id", "position"),
        "quotes": ("quote_id",),
        "blocks": ("page_id", "position"),
        "works": ("work_id",),
        "runs": ("run_id",),
        "checks": ("run_id", "table_name", "name"),
        "measures": ("run_id", "name", "scope"),
        "quarantine": ("item_id",),
        "ledger": ("uri", "sha256"),
    }
)

# Columns whose first value stays: where and when a page was first met, and how a work was first spelled.
FIRST_STAYS: Mapping[str, frozenset[str]] = MappingProxyType(
    {"pages": frozenset({"uri", "fetched_at", "first_seen"}), "works": frozenset({"title"})}
)

# A row that differs in nothing but these is the same row, and stays unwritten: its run, and what is settled after it
# was merged. A row that is rewritten loses what was settled, and is settled again.
IGNORED = frozenset({"run_id", *SETTLED})


def known(connection: duckdb.DuckDBPyConnection, pairs: Iterable[tuple[str, str]]) -> dict[tuple[str, str], int | None]:
    """Those (uri, sha256) that the ledger has as the newest of their place, and how far a run came in them; None: to
    the end, they need no second look.
    """
    # File names that are no UTF-8 are stored with "?" in them, so the answer goes back to the pairs as they were asked.
    pair_of = {(storable(uri), sha256): (uri, sha256) for uri, sha256 in pairs}
    asked = [{"uri": uri, "sha256": sha256} for uri, sha256 in pair_of]
    schema = pa.schema([("uri", pa.string()), ("sha256", pa.string())])
    with _registered(connection, {"asked": arrow_of(asked, schema)}):
        found = connection.execute(
            "SELECT uri, sha256, position FROM asked JOIN ledger USING (uri, sha256) WHERE state <> 'superseded'"
        ).fetchall()
    return {pair_of[uri, sha256]: position for uri, sha256, position in found}


def load(  # noqa: PLR0913 - all that one transaction writes
    connection: duckdb.DuckDBPyConnection,
    *,
    tables: Mapping[str, pa.Table],
    quarantined: Sequence[Quarantined],
    checks: Sequence[Check],
    run: Run,
    ledger: Sequence[Seen],
    judge: Judge,
    retried: Sequence[UUID] = (),
    measures: Sequence[Measure] = (),
    audit: Audit = lambda _: (),
) -> Loaded:
    """Write a batch with its run, checks, refusals and ledger rows, and settle what it changes across pages.

    Rows equal to stored ones are not rewritten. Of the pages in the batch, rows that their new extraction no longer
    has are deleted. `retried` are quarantine items that were tried again: resolved, unless they come again.
    Every call adds a run: do not call it when there is nothing new.
    `audit` answers the checks of what was settled, which are stored with the others; what it raises undoes the load.
    PullquoteError warehouse.unwritable if the disk is full, and then nothing of the batch is stored.
    """
    batch = {**tables, **_run_tables(quarantined, checks, run, ledger, measures)}
    incoming = {f"incoming_{name}": batch[name] for name in KEYS}
    incoming["incoming_retried"] = arrow_of(
        [{"item_id": item} for item in retried], pa.schema([("item_id", pa.uuid())])
    )
    with named_failures(_file_of(connection)), _registered(connection, incoming):
        return in_little_memory(connection, lambda: persistently(lambda: _loaded(connection, batch, run, judge, audit)))


def _loaded(
    connection: duckdb.DuckDBPyConnection, batch: Mapping[str, pa.Table], run: Run, judge: Judge, audit: Audit
) -> Loaded:
    with transaction(connection):
        note_touched(connection)
        written = (*_merged(connection, batch), *settled(connection, judge, batch.get("article_sketches")))
        rows = _settled_rows(connection)
        audits = tuple(audit(rows))
        _add_checks(connection, audits, run)
    return Loaded(written=written, audits=audits, failing={name: _failing(rows[name], name, audits) for name in rows})


def _settled_rows(connection: duckdb.DuckDBPyConnection) -> dict[str, pa.Table]:
    """What the batch changed of the tables that are settled, with what their checks ask, by table."""
    return {file.stem: connection.sql(file.text).to_arrow_table() for file in files_in("audits")}


def _failing(rows: pa.Table, name: str, checks: Iterable[Check]) -> pa.Table:
    ids = {row for check in checks if check.table_name == name for row in check.failing}
    mask = [str(row) in ids for row in rows[CHECKED[name]].to_pylist()] if ids else [False] * rows.num_rows
    return rows.filter(pa.array(mask, pa.bool_()))


def _add_checks(connection: duckdb.DuckDBPyConnection, checks: Sequence[Check], run: Run) -> None:
    """Store the checks of what was settled with those of the run, which has not passed if one of them failed."""
    with _registered(connection, {"audits": _checks_table(checks, run)}):
        connection.execute("INSERT INTO checks BY NAME FROM audits")
    if not all(check.success for check in checks):
        connection.execute("UPDATE runs SET state = 'warned' WHERE run_id = ? AND state = 'passed'", [run.run_id])


def _checks_table(checks: Iterable[Check], run: Run) -> pa.Table:
    return arrow_of((asdict(check) | {"run_id": run.run_id} for check in checks), RUN_SCHEMAS["checks"])


def _merged(connection: duckdb.DuckDBPyConnection, batch: Mapping[str, pa.Table]) -> tuple[Written, ...]:
    memory = [file for file in files_in("merges") if file.stem.startswith("memory_")]
    connection.execute(memory[0].text)  # which pages are new can only be told before they are there
    before = _counts(connection)
    touched = {name: _touched(connection, _merge_of(name, batch[name].schema)) for name in KEYS if len(batch[name])}
    between = _counts(connection)
    for file in files_in("merges"):
        if file.stem.startswith("stale_"):  # in the order of their numbers, and after the MERGEs: see each file
            name = file.stem.split("_", 2)[2]
            touched[name] = touched.get(name, 0) + _touched(connection, file.text)
    for file in memory[1:]:
        connection.execute(file.text)
    after = _counts(connection)
    written = []
    for name in KEYS:
        inserted, deleted = between[name] - before[name], between[name] - after[name]
        updated = touched.get(name, 0) - inserted - deleted
        written.append(Written(table_name=name, inserted=inserted, updated=updated, deleted=deleted))
    return tuple(written)


def _merge_of(name: str, schema: pa.Schema) -> str:
    return merge_of(name, schema.names, key=KEYS[name], kept=FIRST_STAYS.get(name, ()), ignored=IGNORED)


def _touched(connection: duckdb.DuckDBPyConnection, statement: str) -> int:
    row = connection.execute(statement).fetchone()
    return int(row[0]) if row else 0


def _counts(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """The rows of every table, by its name."""
    counts = (f"SELECT '{name}', count(*) FROM \"{name}\"" for name in KEYS)
    return dict(connection.execute(" UNION ALL ".join(counts)).fetchall())


def _run_tables(
    quarantined: Sequence[Quarantined],
    checks: Sequence[Check],
    run: Run,
    ledger: Sequence[Seen],
    measures: Sequence[Measure],
) -> dict[str, pa.Table]:
    items = {item.item_id: item for item in quarantined}
    places = {(seen.uri, seen.sha256): seen for seen in ledger}
    rows: dict[str, list[dict[str, object]]] = {
        "runs": [asdict(run) | asdict(run.funnel)],
        "measures": [asdict(measure) | {"run_id": run.run_id} for measure in measures],
        "quarantine": [asdict(item) | {"status": "open"} for item in items.values()],
        "ledger": [asdict(seen) for seen in places.values()],
    }
    tables = {name: arrow_of(of_table, RUN_SCHEMAS[name]) for name, of_table in rows.items()}
    return {**tables, "checks": _checks_table(checks, run)}


@contextmanager
def _registered(connection: duckdb.DuckDBPyConnection, tables: Mapping[str, pa.Table]) -> Iterator[None]:
    for name, table in tables.items():
        connection.register(name, table)
    try:
        yield
    finally:
        for name in tables:
            connection.unregister(name)


def _file_of(connection: duckdb.DuckDBPyConnection) -> str:
    row = connection.execute("SELECT path FROM duckdb_databases() WHERE database_name = current_database()").fetchone()
    return str(row[0]) if row else ""
