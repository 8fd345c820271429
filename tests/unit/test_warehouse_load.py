"""Loading: the same twice as once, what a page no longer has goes, all of a batch or nothing."""

from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from extractors.records import Extraction
from flows.judge import JUDGE
from tests.unit.extractions import (
    NOW,
    RUN,
    VERSION,
    article_of,
    extraction_of,
    extraction_of_articles,
    page_of,
    seedlings,
    work_of,
)
from tests.unit.loading import CONTENT, contents_of, ingested, ledger_of, loaded, rows_of, run_of
from warehouse.connection import writer
from warehouse.load import known, load
from warehouse.publish import publish
from warehouse.query import answer
from warehouse.records import Seen, quarantined_of
from warehouse.tables import tables_of


def test_the_same_batch_again_rewrites_nothing(tmp_path: Path) -> None:
    path = tmp_path / "x.duckdb"
    first = ingested(path, seedlings())
    before = contents_of(path)
    second = ingested(path, seedlings(), number=2)
    assert contents_of(path) == before
    assert first["quotes"].inserted == 6
    assert [
        w for w in second.values() if w.table_name != "runs" and (w.inserted, w.updated, w.deleted) != (0, 0, 0)
    ] == []
    assert answer(path, "SELECT count(*) AS n FROM runs").table.to_pylist() == [{"n": 2}]


def test_what_changed_is_rewritten_and_nothing_else(tmp_path: Path) -> None:
    changed = [
        _with_title(extraction, "Another title") if n == 1 else extraction for n, extraction in enumerate(seedlings())
    ]
    with writer(tmp_path / "x.duckdb") as opened:
        loaded(opened.connection, seedlings())
        written = loaded(opened.connection, changed, number=2)
        runs = opened.connection.execute("SELECT title, run_id FROM articles ORDER BY title").fetchall()
    assert (written["articles"].inserted, written["articles"].updated, written["articles"].deleted) == (0, 1, 0)
    assert written["quotes"].updated == 0
    assert runs == [("A title", run_of(1).run_id)] * 2 + [("Another title", run_of(2).run_id)]


def test_rows_that_a_page_no_longer_has_go_with_what_belongs_to_them(tmp_path: Path) -> None:
    page = page_of(b"a page")
    one, two = (article_of(page, f"He said: “Fine {n}.” She said: “No.”", position=n) for n in range(2))
    full = extraction_of_articles(page, [(one, [("He", "Fine 0."), ("She", "No.")]), (two, [("He", "Fine 1.")])])
    other = replace(two, work=work_of("Alien", 1979))
    less = extraction_of_articles(page, [(replace(one, authors=("Ada Writer",)), [("He", "Fine 0.")])])
    with writer(tmp_path / "x.duckdb") as opened:
        loaded(opened.connection, [*seedlings(), replace(full, articles=(full.articles[0], other))])
        before = {table: len(rows_of(opened.connection, table)) for table in CONTENT}
        written = loaded(opened.connection, [less], number=2)
        after = {table: len(rows_of(opened.connection, table)) for table in CONTENT}
    gone = {table: before[table] - after[table] for table in CONTENT}
    assert gone == {"pages": 0, "articles": 1, "article_authors": 3, "quotes": 2, "blocks": 1, "works": 1}
    assert gone == {table: written[table].deleted - written[table].inserted for table in CONTENT}


def test_where_a_page_was_first_met_stays(tmp_path: Path) -> None:
    first = extraction_of("Once upon a time.")
    copy = replace(first, page=replace(first.page, uri="copy.txt", fetched_at=NOW, language="de"))
    with writer(tmp_path / "x.duckdb") as opened:
        loaded(opened.connection, [first])
        loaded(opened.connection, [copy], number=2)
        rows = opened.connection.execute("SELECT uri, fetched_at, language FROM pages").fetchall()
        places = opened.connection.execute("SELECT uri FROM ledger ORDER BY uri").fetchall()
    assert rows == [("a.txt", None, "de")]
    assert places == [("a.txt",), ("copy.txt",)]


def test_a_newer_extractor_marks_its_articles(tmp_path: Path) -> None:
    with writer(tmp_path / "x.duckdb") as opened:
        loaded(opened.connection, seedlings())
        written = loaded(opened.connection, seedlings(), number=2, version="2.0")
        versions = opened.connection.execute("SELECT DISTINCT extractor_version FROM articles").fetchall()
    assert versions == [("2.0",)]
    assert written["articles"].updated == 3


def test_a_mended_page_resolves_its_refusal_and_a_relapse_opens_it(tmp_path: Path) -> None:
    bad = seedlings(0)[0]
    with writer(tmp_path / "x.duckdb") as opened:
        states = []
        for number, mended in enumerate((False, True, False), start=1):
            loaded(opened.connection, [bad], number=number, quarantined=[] if mended else None)
            states += opened.connection.execute("SELECT status, code, payload FROM quarantine").fetchall()
    assert states == [(status, "extract.no_article", b"nothing here") for status in ("open", "resolved", "open")]


def test_the_ledger_knows_place_and_content(tmp_path: Path) -> None:
    seen = [
        Seen(uri="a.txt", sha256="1", state="loaded", run_id=RUN),
        Seen(uri="a.txt", sha256="1", state="loaded", run_id=RUN),
        Seen(uri="b\udcff.txt", sha256="2", state="refused", position=17, run_id=RUN),
    ]
    asked = [("a.txt", "1"), ("a.txt", "2"), ("b\udcff.txt", "2"), ("c.txt", "1")]
    with writer(tmp_path / "x.duckdb") as opened:
        assert known(opened.connection, asked) == {}
        assert known(opened.connection, []) == {}
        tables = tables_of([], run_id=RUN, now=NOW, extractor_version=VERSION)
        load(opened.connection, tables=tables, quarantined=[], checks=[], run=run_of(), ledger=seen, judge=JUDGE)
        assert known(opened.connection, asked) == {("a.txt", "1"): None, ("b\udcff.txt", "2"): 17}


def test_a_batch_that_fails_half_way_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "x.duckdb"
    ingested(path, seedlings(1))
    with writer(path) as opened:
        before = {table: rows_of(opened.connection, table) for table in (*CONTENT, "runs", "ledger")}
        tables = tables_of(seedlings(3), run_id=RUN, now=NOW, extractor_version=VERSION)
        nameless = tables["quotes"].drop_columns("rule")  # as an extractor would that forgot a field
        with pytest.raises(duckdb.Error, match="rule"):
            load(
                opened.connection,
                tables={**tables, "quotes": nameless},
                quarantined=[],
                checks=[],
                run=run_of(2),
                ledger=ledger_of(seedlings(3), RUN),
                judge=JUDGE,
            )
        assert {table: rows_of(opened.connection, table) for table in before} == before
        assert publish(opened) is False


def test_a_refusal_has_the_same_id_in_every_run() -> None:
    rejected = seedlings(0)[0].rejected[0]
    one, two = (quarantined_of(rejected, run_id=run_of(n).run_id) for n in (1, 2))
    assert one.item_id == two.item_id
    assert quarantined_of(replace(rejected, article=0), run_id=RUN).item_id != one.item_id


def test_an_edited_page_is_a_new_version_and_the_newest_is_current(tmp_path: Path) -> None:
    path = tmp_path / "x.duckdb"
    for number, text in enumerate(("First words.", "First words, corrected."), start=1):
        ingested(path, [extraction_of(text, url="https://example.org/a")], number=number)
    assert answer(path, "SELECT body FROM articles_current").table.to_pylist() == [{"body": "First words, corrected."}]
    assert answer(path, "SELECT count(*) AS n FROM articles").table.to_pylist() == [{"n": 2}]


def test_an_edit_taken_back_makes_the_old_version_current(tmp_path: Path) -> None:
    path = tmp_path / "x.duckdb"
    versions = [extraction_of(text, url="https://example.org/a") for text in ("First words.", "Corrected.")]
    shown = []
    for number, version in enumerate((0, 1, 0, 1, 0, 0), start=1):
        ingested(path, [versions[version]], number=number)
        shown += answer(path, "SELECT body FROM articles_current").table["body"].to_pylist()
    assert shown == ["First words.", "Corrected.", "First words.", "Corrected.", "First words.", "First words."]
    assert answer(path, "SELECT count(*) AS n FROM pages").table.to_pylist() == [{"n": 2}]


def test_an_old_fetch_that_comes_late_is_not_current(tmp_path: Path) -> None:
    path = tmp_path / "x.duckdb"
    new, old = (extraction_of(text, url="https://example.org/a") for text in ("New words.", "Old words."))
    for number, (extraction, year) in enumerate(((new, 2024), (old, 2020), (old, 2021)), start=1):
        page = replace(extraction.page, fetched_at=NOW.replace(year=year))
        ingested(path, [replace(extraction, page=page)], number=number)
    assert answer(path, "SELECT body FROM articles_current").table.to_pylist() == [{"body": "New words."}]


def _with_title(extraction: Extraction, title: str) -> Extraction:
    return replace(extraction, articles=tuple(replace(article, title=title) for article in extraction.articles))
