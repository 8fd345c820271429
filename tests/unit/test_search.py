"""Search: the right quotes and articles, the best first, whatever stands in the question or in the text."""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.errors import PullquoteError
from extractors.records import Extraction
from flows.search import csv_of, json_of, lines_of, miss_of
from tests.unit.extractions import extraction_of, seedlings
from tests.unit.loading import ingested, loaded
from warehouse.connection import writer
from warehouse.index import indexed, with_words
from warehouse.search import Hit, Wish, folded, found, marks_in

HOSTILE = "Don’t stop \x1b[31m\x9b2J the <b>running</b>; 漢字だよ, naïve Crème brûlée!"


def extractions() -> list[Extraction]:
    long = " ".join(f"Padding sentence number {n}." for n in range(60))
    return [
        *seedlings(),
        extraction_of(f"He said: “{HOSTILE}”\n\n{long} A unicorn at the end.", ("Zoë Élan", HOSTILE), uri="z.txt"),
    ]


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("search") / "it's.duckdb"
    ingested(path, extractions())
    return path


def texts(hits: Sequence[Hit]) -> list[str]:
    return [hit.text for hit in hits]


@pytest.mark.parametrize(
    "words",
    [
        "dont",
        "DON'T stopping",
        "naive creme BRULEE",
        "run",
        "漢字",
        '"the b running"',
        "“stop 31m”",
        "31m",
    ],
)
def test_words_are_found_in_any_form(warehouse: Path, words: str) -> None:
    (hit,) = found(warehouse, Wish(words=words)).hits
    assert hit.text == HOSTILE


@pytest.mark.parametrize("words", ['"running the"', "字漢", "past unicorn", '"runs"'])
def test_words_that_are_there_otherwise_are_no_hit(warehouse: Path, words: str) -> None:
    assert found(warehouse, Wish(words=words)).hits == ()


@pytest.mark.parametrize("words", ["", '""', "%", "***", "\x1b", "--", "\ud800"])
def test_no_word_is_one_clear_error(warehouse: Path, words: str) -> None:
    with pytest.raises(PullquoteError, match="no word to search for") as caught:
        found(warehouse, Wish(words=words))
    assert caught.value.code == "search.empty"


@settings(max_examples=10)  # each opens the warehouse anew
@given(words=st.text(max_size=40))
def test_any_words_are_searched_for(warehouse: Path, words: str) -> None:
    assert texts(found(warehouse, Wish(words=f"{words} dont")).hits) in ([HOSTILE], [])


def test_articles_by_body_and_title(warehouse: Path) -> None:
    (hit,) = found(warehouse, Wish(words="unicorn", where="articles")).hits
    assert "unicorn" in hit.text
    assert hit.quote_id is None
    assert len(found(warehouse, Wish(words='"A title"', where="articles")).hits) == 4


def test_filters(warehouse: Path) -> None:
    def count(**wish: object) -> int:
        return len(found(warehouse, Wish(words="a", **wish)).hits)  # type: ignore[arg-type]

    assert count() == 3
    assert count(speaker="SAMANTHA") == 3
    assert count(speaker="Sam") == 0
    assert count(site="site") == count(site="example.org") == 3
    assert count(site="other") == 0
    assert count(since=date(2014, 8, 8), until=date(2014, 8, 8)) == 3
    assert count(since=date(2014, 8, 9)) == count(until=date(2014, 8, 7)) == 0
    assert count(where="articles", speaker="elan zoe") == 1


def test_a_rare_word_and_a_short_text_come_first(tmp_path: Path) -> None:
    path = tmp_path / "x.duckdb"
    said = ["common words only here", "common rare words here in a much longer text than the others", "common rare"]
    ingested(path, [extraction_of(text, (None, text), uri=text) for text in said])
    assert texts(found(path, Wish(words="common rare")).hits) == [said[2], said[1]]
    assert texts(found(path, Wish(words="common")).hits)[0] == said[2]


def test_more_than_the_limit_is_told_and_deep_hits_are_reached(tmp_path: Path) -> None:
    path = tmp_path / "x.duckdb"
    pages = [extraction_of(f"one two {n}", (f"Speaker {n}", f"one two {n}"), uri=str(n)) for n in range(120)]
    ingested(path, pages)
    first = found(path, Wish(words="one", limit=100))
    assert (len(first.hits), first.more) == (100, True)
    assert not found(path, Wish(words="one", limit=120)).more
    deep = [found(path, Wish(words='"one two"', speaker=f"speaker {n}")).hits for n in (0, 119)]
    assert [texts(hits) for hits in deep] == [["one two 0"], ["one two 119"]]


def test_nothing_found_says_why(warehouse: Path) -> None:
    wish = Wish(words="samanta story")
    assert miss_of(found(warehouse, wish), wish).endswith("has the word samanta; near it: samantha")
    wish = Wish(words="past hello")
    assert miss_of(found(warehouse, wish), wish) == "nothing found: no quote has all of that"
    wish = Wish(words="past", site="nowhere")
    assert miss_of(found(warehouse, wish), wish).endswith("and passes the filters")


def test_nothing_stored_reaches_the_terminal_raw(warehouse: Path) -> None:
    result = found(warehouse, Wish(words="running"))
    lines = lines_of(result)
    assert "\x1b[1mrunning\x1b[0m" in lines
    assert re.findall(r"\x1b\[\d+m", lines) == ["\x1b[1m", "\x1b[0m"]
    assert "\x9b" not in lines + json_of(result)
    assert "\x1b" not in json_of(result)
    assert HOSTILE in csv_of(result)  # a pipe gets what is stored


def test_a_snippet_shows_where_the_word_is(warehouse: Path) -> None:
    lines = lines_of(found(warehouse, Wish(words="unicorn", where="articles")))
    assert lines.startswith("…")
    assert "A \x1b[1municorn\x1b[0m at the end." in lines
    assert len(lines) < 500


def test_a_phrase_is_marked_as_a_whole_and_its_words_alone_are_not() -> None:
    sought = ((frozenset({"the"}), frozenset({"end"})), (frozenset({"ran", "run"}),))
    text = "The start ran to The End, the’s end"
    assert [text[a:b] for a, b in marks_in(text, sought)] == ["ran", "The End", "the’s end"]


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        with_words(opened)
        yield opened


@given(word=st.from_regex(r"[A-Za-zÀ-ÖØ-öø-ɏ]{1,12}(['’]s?)?[a-z]{0,3}", fullmatch=True))
def test_highlighting_folds_as_the_index_does(connection: duckdb.DuckDBPyConnection, word: str) -> None:
    row = connection.execute("SELECT array_to_string(words_of($word), '')", {"word": word}).fetchone()
    assert row == (folded(word),)


def test_the_index_follows_the_rows(tmp_path: Path) -> None:
    path = tmp_path / "x.duckdb"
    old, new = "before it said apples", "after it said pears"
    ingested(path, [extraction_of(old, ("Ann", old), uri="a", url="https://a.example/1")])
    assert texts(found(path, Wish(words="apple")).hits) == [old]
    ingested(path, [extraction_of(new, ("Ann", new), uri="a", url="https://a.example/1")], number=2)
    assert texts(found(path, Wish(words="pear")).hits) == [new]
    assert found(path, Wish(words="apple")).hits == ()  # an older version of the page


def test_a_row_is_indexed_once_and_a_rewritten_one_anew(tmp_path: Path) -> None:
    with writer(tmp_path / "x.duckdb") as opened:
        loaded(opened.connection, seedlings())
        assert indexed(opened.connection) == 9  # six quotes, three articles
        assert indexed(opened.connection) == 0
        opened.connection.execute("UPDATE quotes SET run_id = uuid() WHERE text = 'Hello 1.'")
        assert indexed(opened.connection) == 1


def test_an_index_of_mostly_dead_entries_is_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("warehouse.index.FEW", 1)
    with writer(tmp_path / "x.duckdb") as opened:
        loaded(opened.connection, seedlings(6))
        indexed(opened.connection)
        opened.connection.execute("DELETE FROM quotes WHERE text NOT LIKE 'Hello 1%'")
        assert indexed(opened.connection) == 1
        rows = opened.connection.execute("SELECT count(*) FROM search_quotes").fetchall()
        assert rows == [(1,)]


def test_chunks_do_not_matter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    from warehouse.index import SOURCES

    def contents(name: str) -> list[tuple[str, str, int]]:
        with writer(tmp_path / name) as opened:
            loaded(opened.connection, extractions())
            indexed(opened.connection)
            rows: list[tuple[str, str, int]] = opened.connection.execute(
                """
                SELECT row_id::VARCHAR, word, times FROM search_article_words
                JOIN search_words USING (word_id) JOIN search_articles USING (document_id) ORDER BY ALL
                """
            ).fetchall()
            return rows

    whole = contents("whole.duckdb")
    small = {name: replace(source, chunk=1) for name, source in SOURCES.items()}
    monkeypatch.setattr("warehouse.index.SOURCES", small)
    assert contents("small.duckdb") == whole
    assert len(whole) > 100


def test_a_warehouse_without_an_index_says_so(tmp_path: Path) -> None:
    path = tmp_path / "old.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE quotes (text VARCHAR)")
    with pytest.raises(PullquoteError, match="the next ingest adds it") as caught:
        found(path, Wish(words="x"))
    assert caught.value.code == "search.no_index"
