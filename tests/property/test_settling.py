"""What is known across pages follows from what is there: not from the order it came in, nor from what was there once."""

import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from extractors.records import Extraction, QuoteKind
from tests.unit.extractions import article_of, extraction_of_articles, page_of, work_of
from tests.unit.loading import ACROSS, loaded, rows_of
from warehouse.migrate import migrate

# Lines that are alike in all the ways that count: parts of each other, reworded, turned, short, by other speakers.
LINES = [
    "The road ends at the sea, and all of us walk it to the end of our days",
    "the road ends at the sea and all of us walk it",
    "The road ends at the sea, and most of us walk it to the end of our days",
    "The road ends at the sea",
    "all of us walk it to the end of our days",
    "The road never ends at the sea, and all of us walk it to the end of our days",
    "Go home, she said. All of us walk it to the end of our days. And nobody has ever come back to tell.",
    "Yes.",
    "I don’t know",
]
SPEAKERS = [None, "Ann", "Ann Lee", "Dr. Ann M. Lee", "Lee", "Bob Moe"]
said = st.lists(st.tuples(st.sampled_from(SPEAKERS), st.sampled_from(LINES)), max_size=4)


@st.composite
def extractions(draw: st.DrawFn) -> Extraction:
    lines = draw(said)
    number = draw(st.integers(0, 50))
    page = page_of(f"{number}".encode(), url=f"https://{number % 3}.example/{number % 5}")
    body = "\n\n".join(["Once.", *(f"“{text}” said {speaker}." for speaker, text in lines)])
    work = draw(st.sampled_from([None, work_of("Her"), work_of("Alien")]))
    extraction = extraction_of_articles(page, [(replace(article_of(page, body), work=work), lines)])
    kind: QuoteKind = "dialogue_line" if draw(st.booleans()) else "inline_direct"
    return replace(extraction, quotes=tuple(replace(quote, kind=kind) for quote in extraction.quotes))


@pytest.fixture(scope="module")
def warehouse() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(":memory:") as connection:
        migrate(connection, path=Path(":memory:"))
        yield connection


def _across(warehouse: duckdb.DuckDBPyConnection, batches: list[list[Extraction]]) -> dict[str, list[object]]:
    for (table,) in warehouse.execute("SELECT table_name FROM duckdb_tables() WHERE NOT temporary").fetchall():
        warehouse.execute(f"DELETE FROM {table}")
    for number, batch in enumerate(batches):
        loaded(warehouse, batch, number=number)
    ids = "SELECT quote_id, wording_id, quotation_id, person_id FROM quotes ORDER BY quote_id"
    settled = {"quotes": list[object](warehouse.execute(ids).fetchall())}
    return settled | {table: rows_of(warehouse, table) for table in ACROSS}


pages = st.lists(extractions(), max_size=6, unique_by=lambda extraction: extraction.page.page_id)
few = settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@few
@given(batch=pages, seed=st.integers(0, 1000))
def test_neither_order_nor_batches_matter(
    warehouse: duckdb.DuckDBPyConnection, batch: list[Extraction], seed: int
) -> None:
    shuffled = random.Random(seed).sample(batch, len(batch))  # noqa: S311 an order, not a secret
    cut = seed % (len(batch) + 1)
    assert _across(warehouse, [shuffled[:cut], shuffled[cut:], shuffled[:2]]) == _across(warehouse, [batch])


@few
@given(before=pages, after=pages)
def test_what_was_there_once_leaves_nothing(
    warehouse: duckdb.DuckDBPyConnection, before: list[Extraction], after: list[Extraction]
) -> None:
    # Pages of both get other articles; those that are only in `before` lose theirs.
    now = {e.page.page_id: e for e in (*(extraction_of_articles(e.page, []) for e in before), *after)}
    assert _across(warehouse, [before, list(now.values())]) == _across(warehouse, [list(now.values())])
