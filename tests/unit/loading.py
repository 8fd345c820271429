"""Loads extractions into a warehouse in one call, and reads a warehouse back, for tests."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import duckdb
import pyarrow as pa

from extractors.records import Extraction, uuid_of
from flows.judge import JUDGE
from tests.unit.extractions import NOW, VERSION
from warehouse.connection import writer
from warehouse.load import Audit, load
from warehouse.publish import publish
from warehouse.query import _completed, saved_questions
from warehouse.reader import reader
from warehouse.records import Check, Funnel, Measure, Quarantined, Run, Seen, Written, quarantined_of
from warehouse.sandbox import Limits, sandbox
from warehouse.store import Store
from warehouse.tables import tables_of

CONTENT = ("pages", "articles", "article_authors", "quotes", "blocks", "works")
ACROSS = ("quotations", "wordings", "wording_pairs", "people", "person_aliases", "article_sketches")


def run_of(number: int = 1) -> Run:
    started = NOW + timedelta(minutes=number)
    return Run(
        run_id=uuid_of(f"run {number}"),
        trigger="test",
        started=started,
        finished=started + timedelta(seconds=2),
        state="passed",
        funnel=Funnel(),
        extractor_version=VERSION,
        config_hash="0",
    )


def ledger_of(extractions: Sequence[Extraction], run_id: UUID) -> list[Seen]:
    return [Seen(uri=e.page.uri, sha256=e.page.sha256, state="loaded", run_id=run_id) for e in extractions]


def loaded(  # noqa: PLR0913 - all that a run may have
    connection: duckdb.DuckDBPyConnection,
    extractions: Sequence[Extraction],
    *,
    number: int = 1,
    checks: Sequence[Check] = (),
    quarantined: Sequence[Quarantined] | None = None,
    version: str = VERSION,
    run: Run | None = None,
    measures: Sequence[Measure] = (),
    audit: Audit = lambda _: (),
    sketches: pa.Table | None = None,
) -> dict[str, Written]:
    """What run `number`, or `run`, wrote, by table."""
    run = run or replace(run_of(number), extractor_version=version)
    rejected = [quarantined_of(r, run_id=run.run_id) for e in extractions for r in e.rejected]
    tables = tables_of(extractions, run_id=run.run_id, now=run.started, extractor_version=version)
    outcome = load(
        connection,
        tables=tables if sketches is None else tables | {"article_sketches": sketches},
        quarantined=rejected if quarantined is None else quarantined,
        checks=checks,
        run=run,
        ledger=ledger_of(extractions, run.run_id),
        judge=JUDGE,
        measures=measures,
        audit=audit,
    )
    return {table.table_name: table for table in outcome.written}


def ingested(path: Store, extractions: Sequence[Extraction], *, number: int = 1) -> dict[str, Written]:
    """Like `loaded`, from opening to publishing."""
    with writer(path) as opened:
        written = loaded(opened.connection, extractions, number=number)
        publish(opened)
    return written


def rows_of(connection: duckdb.DuckDBPyConnection, table: str, *, without: Sequence[str] = ()) -> list[Any]:
    """All rows in the order of their text; a column named in `without` is left out."""
    names = connection.execute(f'SELECT column_name FROM (DESCRIBE "{table}")').fetchall()
    columns = ", ".join(f'"{name}"' for (name,) in names if name not in without)
    return sorted(connection.execute(f'SELECT {columns} FROM "{table}"').fetchall(), key=repr)


def contents_of(path: Store, *, without: Sequence[str] = (), tables: Sequence[str] = CONTENT) -> dict[str, list[Any]]:
    """The content tables of a published warehouse, or other ones."""
    with reader(path) as connection:
        return {table: rows_of(connection, table, without=without) for table in tables}


def answers_of(store: Store) -> dict[str, list[Any]]:
    """The rows that every saved question gives with its defaults, in one sandbox; in the order of their text, as not
    every question says which of two equal ones comes first.
    """
    with sandbox(store, Limits(seconds=120)) as opened:
        return {
            question.name: sorted(
                opened.connection.execute(question.sql, _completed(opened.connection, question, {}) or None).fetchall(),
                key=repr,
            )
            for question in saved_questions()
        }
