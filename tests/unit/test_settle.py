"""What a load settles across pages: quotations, people, copies of articles, also of a warehouse older than these."""

from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from extractors.quotes.clusters import sketch_of
from extractors.records import Extraction
from tests.unit.extractions import NOW, VERSION, extraction_of, seedlings, work_of
from tests.unit.loading import ACROSS, ingested, loaded, rows_of, run_of
from warehouse.connection import writer
from warehouse.migrate import migrate
from warehouse.query import answer
from warehouse.sql import files_in
from warehouse.tables import SKETCHES, arrow_of, tables_of
from warehouse.transaction import in_little_memory

LONG = "What we have built here together will outlast every one of us"


def page(speaker: str | None, said: str, address: str, body: str = "He said: “{}”") -> Extraction:
    return extraction_of(body.format(said), (speaker, said), url=f"https://{address}")


@pytest.fixture
def warehouse() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(":memory:")
    migrate(connection, path=Path(":memory:"))
    return connection


def test_a_quotation_counts_articles_and_sites(warehouse: duckdb.DuckDBPyConnection) -> None:
    loaded(warehouse, [page("Ann Lee", LONG, "a.example/1"), page("Ann Lee", LONG.upper(), "a.example/2")])
    loaded(warehouse, [page("Ann Lee", LONG + ".", "b.example/1")], number=2)
    rows = warehouse.execute("SELECT text, speaker, mentions, sites FROM quotations").fetchall()
    assert rows == [(LONG.upper(), "Ann Lee", 3, 2)] or rows == [(LONG, "Ann Lee", 3, 2)]
    assert warehouse.execute("SELECT name FROM people WHERE name LIKE '%Lee'").fetchall() == [("Ann Lee",)]


def test_versions_of_a_page_count_once(warehouse: duckdb.DuckDBPyConnection) -> None:
    loaded(warehouse, [page("Ann Lee", LONG, "a.example/1")])
    loaded(warehouse, [page("Ann Lee", LONG, "a.example/1", body="Corrected. He said: “{}”")], number=2)
    assert warehouse.execute("SELECT mentions FROM quotations").fetchall() == [(1,)]
    assert warehouse.execute("SELECT count(*) FROM quotes").fetchone() == (2,)
    assert warehouse.execute("SELECT * FROM article_copies").fetchall() == []


def test_a_later_quote_joins_two_quotations_and_their_ids_are_still_found(warehouse: duckdb.DuckDBPyConnection) -> None:
    one, two = "What we have built here together", "here together will outlast every one of us"
    loaded(warehouse, [page("Ann Lee", one, "a.example/1"), page("Ann Lee", two, "b.example/1")])
    before = warehouse.execute("SELECT quotation_id FROM quotations").fetchall()
    written = loaded(warehouse, [page("Ann Lee", LONG, "c.example/1")], number=2)
    after = warehouse.execute("SELECT quotation_id, mentions FROM quotations").fetchall()
    assert (len(before), [mentions for _, mentions in after]) == (2, [3])
    for (old,) in before:
        found = warehouse.execute("SELECT quotation_id FROM wordings WHERE wording_id = ?", [old]).fetchall()
        assert found == [(after[0][0],)]
    assert written["quotations"].deleted == written["quotations"].inserted + 1


def test_misattributions_are_seen(warehouse: duckdb.DuckDBPyConnection) -> None:
    loaded(warehouse, [page("Ann Lee", LONG, "a.example/1"), page("Bob Moe", LONG, "b.example/1")])
    loaded(warehouse, [page("Bob Moe", LONG, "c.example/1")], number=2)
    ((text, claims),) = warehouse.execute("SELECT text, claims FROM quotation_conflicts").fetchall()
    assert (text, claims) == (LONG, [{"person": "Bob Moe", "quotes": 2}, {"person": "Ann Lee", "quotes": 1}])
    assert warehouse.execute("SELECT speaker FROM quotations").fetchall() == [("Bob Moe",)]


def said_in_a_film(name: str, number: int) -> Extraction:
    """A page about a film in which one character speaks."""
    found = page(name, f"{LONG}, number {number}", f"a.example/{number}")
    found = replace(found, articles=tuple(replace(article, work=work_of("Her")) for article in found.articles))
    return replace(found, quotes=tuple(replace(quote, kind="dialogue_line") for quote in found.quotes))


def test_other_pages_of_a_work_are_looked_at_when_its_characters_change(warehouse: duckdb.DuckDBPyConnection) -> None:
    people = "SELECT count(DISTINCT person_id) FROM quotes"
    looked_at = "SELECT count(DISTINCT page_id) FROM mentions"
    loaded(warehouse, [said_in_a_film("Ann", 1), said_in_a_film("Bob", 2)])
    loaded(warehouse, [said_in_a_film("Ann", 3)], number=2)
    assert warehouse.execute(looked_at).fetchall() == [(1,)]

    loaded(warehouse, [said_in_a_film("Ann Lee", 4)], number=3)  # now all who are called Ann are she
    assert warehouse.execute(looked_at).fetchall() == [(4,)]
    assert warehouse.execute(people).fetchall() == [(2,)]


def test_copies_of_an_article_are_linked(tmp_path: Path) -> None:
    story = " ".join(f"Word {n**3 % 997} of it." for n in range(200)) + " “{}”"
    other = " ".join(f"Not {n**3 % 991} of it." for n in range(200)) + " “{}”"
    copies = [page(None, LONG, "a.example/1", story), page(None, LONG, "b.example/2", "By the agency. " + story)]
    ingested(tmp_path / "x.duckdb", [*copies, page(None, LONG, "c.example/1", other)])
    table = answer(tmp_path / "x.duckdb", "SELECT address, copy_address, share FROM article_copies").table
    ((link,), shares) = (
        [{row["address"], row["copy_address"]} for row in table.to_pylist()],
        table["share"].to_pylist(),
    )
    assert link == {"https://a.example/1", "https://b.example/2"}
    assert shares[0] > 0.9


def test_sketches_that_come_with_a_batch_are_taken_and_the_others_made(warehouse: duckdb.DuckDBPyConnection) -> None:
    pages = [page("Ann Lee", f"{LONG} {n}", f"a.example/{n}", body="w " * 9 + "{}") for n in range(3)]
    tables = tables_of(pages, run_id=run_of(1).run_id, now=NOW, extractor_version=VERSION)
    ids = tables["articles"]["article_id"].to_pylist()
    come = {ids[0]: [1, 2], ids[1]: [3]}
    rows = [{"article_id": article, "sketch": sketch} for article, sketch in come.items()]
    loaded(warehouse, pages, sketches=arrow_of(rows, SKETCHES))
    stored = dict(warehouse.execute("SELECT article_id, sketch FROM article_sketches").fetchall())
    made = list(sketch_of(pages[2].articles[0].body))
    assert stored == {**come, ids[2]: made}
    assert loaded(warehouse, pages, number=2, sketches=arrow_of(rows, SKETCHES))["article_sketches"].updated == 0


def test_a_load_that_does_not_fit_into_little_memory_takes_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = []

    def work() -> object:
        tried.append(opened.connection.execute("SELECT current_setting('memory_limit')").fetchone())
        sql = "SELECT len(list(range)) FROM range(3_000_000)"  # a list does not go to the disk
        return opened.connection.execute(sql).fetchone()

    monkeypatch.setattr("warehouse.transaction.LITTLE", "20MB")
    with writer(tmp_path / "x.duckdb") as opened:
        assert in_little_memory(opened.connection, work) == (3_000_000,)
        assert in_little_memory(opened.connection, work) == (3_000_000,)  # and from then on again little first
    assert (tried[0], tried[2], tried[1]) == (("19.0 MiB",), ("19.0 MiB",), tried[3])
    assert tried[1] not in ((), tried[0])


def test_a_warehouse_from_before_is_settled_by_its_next_load() -> None:
    old = [page("Ann Lee", LONG, "a.example/1"), *seedlings()]
    new = [page("Lee", LONG.lower(), "b.example/1")]
    with duckdb.connect(":memory:") as fresh, duckdb.connect(":memory:") as aged:
        for connection in (fresh, aged):
            migrate(connection, path=Path(":memory:"))
            loaded(connection, old)
        for table in ACROSS:  # as 0002_quotations.sql finds it: nothing is settled
            aged.execute(f"DELETE FROM {table}")
        aged.execute("UPDATE quotes SET wording_id = NULL, quotation_id = NULL, person_id = NULL")
        aged.execute("UPDATE article_authors SET person_id = NULL")
        for connection in (fresh, aged):
            loaded(connection, new, number=2)
        for table in (*ACROSS, "quotes", "article_authors"):
            assert rows_of(aged, table) == rows_of(fresh, table), table


def test_every_statement_is_run() -> None:
    code = (Path(__file__).parents[2] / "warehouse" / "settle.py").read_text("utf-8")
    for file in (*files_in("settling"), *files_in("settling/derived")):
        assert f'"{file.stem}"' in code, file.name
