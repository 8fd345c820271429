"""Whatever is loaded, in whatever order and however often: the warehouse holds the same rows."""

import random
from pathlib import Path

import duckdb
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from extractors.records import Extraction
from tests.unit.extractions import extraction_of, extraction_of_articles, page_of
from tests.unit.loading import ACROSS, CONTENT, loaded, rows_of
from warehouse.migrate import migrate

words = st.text(min_size=1, max_size=30).filter(lambda text: " … " not in text)
sayings = st.lists(st.tuples(st.none() | words, words), max_size=3)
# Of the run that met a row first, or of what came to a place last: they depend on the order.
PER_RUN = ("run_id", "first_seen", "returned", "state")


@st.composite
def extractions(draw: st.DrawFn) -> Extraction:
    if draw(st.integers(0, 4)) == 0:
        return extraction_of_articles(page_of(draw(st.binary(max_size=8))), [])
    said = draw(sayings)
    body = "\n\n".join([draw(words), *(f"“{text}”" for _, text in said)])
    return extraction_of(body, *said, uri=draw(words), url=draw(st.none() | st.just("https://example.org/x")))


def _rows(batches: list[list[Extraction]], *, without: tuple[str, ...] = ()) -> dict[str, list[object]]:
    with duckdb.connect(":memory:") as connection:
        migrate(connection, path=Path(":memory:"))
        for number, batch in enumerate(batches):
            loaded(connection, batch, number=number)
        return {table: rows_of(connection, table, without=without) for table in (*CONTENT, *ACROSS, "ledger")}


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(batch=st.lists(extractions(), max_size=5))
def test_twice_is_once(batch: list[Extraction]) -> None:
    assert _rows([batch, batch]) == _rows([batch])


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    batch=st.lists(extractions(), max_size=5, unique_by=lambda extraction: extraction.page.page_id),
    seed=st.integers(0, 1000),
)
def test_order_and_batches_do_not_matter(batch: list[Extraction], seed: int) -> None:
    shuffled = random.Random(seed).sample(batch, len(batch))  # noqa: S311 an order, not a secret
    cut = seed % (len(batch) + 1)
    again = [shuffled[:cut], shuffled[cut:], shuffled[:1]]
    assert _rows(again, without=PER_RUN) == _rows([batch], without=PER_RUN)
