"""Records, Arrow tables and the migrated schema say the same."""

from dataclasses import dataclass, fields, replace
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from extractors.records import Article, Page, Quote, Work, text_hash_of
from tests.unit.extractions import (
    NOW,
    RUN,
    VERSION,
    article_of,
    extraction_of,
    extraction_of_articles,
    page_of,
    seedlings,
)
from tests.unit.loading import ingested
from warehouse.connection import writer
from warehouse.index import TABLES as INDEX_TABLES
from warehouse.load import KEYS, RUN_SCHEMAS
from warehouse.query import answer, saved_questions
from warehouse.settle import KEYS as SETTLED_KEYS
from warehouse.sql import files_in
from warehouse.tables import ADDED, SCHEMAS, columns_of, is_stored, tables_of

BY_SQL = {"pages": ("returned",)}  # columns that a statement sets after the MERGE, not the batch


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("schema") / "x.duckdb"
    ingested(path, seedlings())
    return path


@pytest.mark.parametrize(("table", "record"), [("pages", Page), ("articles", Article), ("quotes", Quote)])
def test_stored_fields_are_the_columns(warehouse: Path, table: str, record: type) -> None:
    stored = [field.name for field in fields(record) if is_stored(field)]
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        columns = [row[0] for row in connection.execute(f"DESCRIBE {table}").fetchall()]
    assert sorted(columns) == sorted([*stored, *ADDED[table], *BY_SQL.get(table, ())])


def test_works_has_the_fields_of_a_work() -> None:
    assert SCHEMAS["works"].names == [field.name for field in fields(Work)]


@pytest.mark.parametrize("table", [*SCHEMAS, *RUN_SCHEMAS])
def test_arrow_schema_is_the_schema_of_the_table(warehouse: Path, table: str) -> None:
    schema = {**SCHEMAS, **RUN_SCHEMAS}[table]
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        stored = {name: kind for name, kind, *_ in connection.execute(f"DESCRIBE {table}").fetchall()}
        connection.register("empty", schema.empty_table())
        incoming = {name: kind for name, kind, *_ in connection.execute("DESCRIBE empty").fetchall()}
    by_sql = {name: stored[name] for name in BY_SQL.get(table, ())}
    assert incoming | by_sql == stored


def test_every_table_column_and_view_has_a_comment(warehouse: Path) -> None:
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        bare = connection.execute(
            """
            SELECT table_name FROM duckdb_tables() WHERE comment IS NULL
            UNION ALL SELECT view_name FROM duckdb_views() WHERE comment IS NULL AND NOT internal
            UNION ALL SELECT table_name || '.' || column_name FROM duckdb_columns()
            WHERE comment IS NULL AND NOT internal AND table_name IN (SELECT table_name FROM duckdb_tables())
            """
        ).fetchall()
        tables = {name for (name,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
        views = {
            f"views/{n}.sql"
            for (n,) in connection.execute("SELECT view_name FROM duckdb_views() WHERE NOT internal").fetchall()
        }
    assert bare == []
    others = {"schema_files", "maintenance", "hosts", "host_lines", "run_reports"}
    assert tables == set(KEYS) | set(SETTLED_KEYS) | INDEX_TABLES | others
    assert views == {file.name for file in files_in("views")}


def test_bodies_are_compressed(tmp_path: Path) -> None:
    path = tmp_path / "x.duckdb"
    ingested(path, [extraction_of("\n\n".join(f"A paragraph, the {n}th of them." for n in range(3000)))])
    with duckdb.connect(str(path), read_only=True) as connection:
        kinds = connection.execute(
            "SELECT DISTINCT compression FROM pragma_storage_info('articles') "
            "WHERE column_name = 'body' AND segment_type = 'VARCHAR'"
        ).fetchall()
        (tables,) = connection.execute("SELECT count(*) FROM duckdb_tables()").fetchone() or (0,)
    assert kinds == [("ZSTD",)]
    assert path.stat().st_size < (tables + 5) * 262_144  # a table with rows takes a block; uncompressed it is 25 times


def test_every_view_and_saved_question_answers_with_and_without_rows(tmp_path: Path) -> None:
    empty, full = tmp_path / "empty.duckdb", tmp_path / "full.duckdb"
    ingested(empty, [])
    story = " ".join(f"Word {n**3 % 997}." for n in range(200)) + " “What we have built here will outlast us all.”"
    copies = [("Ann Lee", "https://example.org/a"), ("Bob Moe", "https://example.com/b")]
    said = "What we have built here will outlast us all."
    ingested(full, [*seedlings(), *(extraction_of(story, (speaker, said), url=url) for speaker, url in copies)])
    questions = saved_questions()
    assert len(questions) >= 15
    for asked in questions:
        assert asked.answers.endswith("?"), asked.name
        assert answer(full, asked).table.num_columns > 1
        answer(empty, asked)
    for view in files_in("views"):
        assert answer(full, f"SELECT * FROM {view.stem}").table.num_rows > 0, view.name
        answer(empty, f"SELECT * FROM {view.stem}")


def test_contents_come_back_as_they_went_in(warehouse: Path) -> None:
    sql = "SELECT * EXCLUDE (run_id) FROM quotes ORDER BY article_id, position"
    rows = answer(warehouse, sql).table.to_pylist()
    quotes = sorted((q for e in seedlings() for q in e.quotes), key=lambda q: (q.article_id.bytes, q.position))
    assert [row["text"] for row in rows] == [quote.text for quote in quotes]
    assert [row["parts"] for row in rows] == [[list(part) for part in quote.parts] for quote in quotes]
    assert rows[0]["stage_directions"] == ["laughs"]
    pages = answer(warehouse, "SELECT first_seen, fetched_at, page_id FROM pages").table.to_pylist()
    assert {page["first_seen"].utcoffset().total_seconds() for page in pages} == {0}
    assert {page["page_id"] for page in pages} == {str(extraction.page.page_id) for extraction in seedlings()}


def test_every_quote_is_a_slice_of_its_body_in_sql(warehouse: Path) -> None:
    sql = """
        SELECT count(*) FROM quotes JOIN articles USING (article_id)
        WHERE list_aggregate([substr(body, p[1] + 1, p[2] - p[1]) FOR p IN parts], 'string_agg', ' ') = text
    """
    assert answer(warehouse, sql).table.to_pylist() == [{"count_star()": 6}]


def test_nothing_gives_empty_tables_with_columns() -> None:
    tables = tables_of([], run_id=RUN, now=NOW, extractor_version=VERSION)
    assert {name: (table.num_rows, table.schema) for name, table in tables.items()} == {
        name: (0, schema) for name, schema in SCHEMAS.items()
    }


def test_of_two_extractions_of_a_page_the_first_counts() -> None:
    first = extraction_of("Once.")
    again = replace(first, page=replace(first.page, uri="copy.txt"))
    tables = tables_of([first, again], run_id=RUN, now=NOW, extractor_version=VERSION)
    assert tables["pages"]["uri"].to_pylist() == ["a.txt"]
    assert tables["articles"].num_rows == 1


def test_half_surrogates_and_nul_keep_every_offset(tmp_path: Path) -> None:
    body = "He wrote \ud83d then \x00 and: “Fine.”"
    ingested(tmp_path / "x.duckdb", [extraction_of(body, ("He", "Fine."))])
    sql = "SELECT body, start, stop FROM quotes JOIN articles USING (article_id)"
    (row,) = answer(tmp_path / "x.duckdb", sql).table.to_pylist()
    assert row["body"] == "He wrote ? then \x00 and: “Fine.”"
    assert row["body"][row["start"] : row["stop"]] == "Fine."


def test_blocks_know_their_article_and_say_the_same_whatever_the_space() -> None:
    page = page_of(b"two articles")
    one, two = (article_of(page, f"Text {n}.", position=n) for n in range(2))
    tables = tables_of(
        [extraction_of_articles(page, [(one, []), (two, [])])], run_id=RUN, now=NOW, extractor_version=VERSION
    )
    assert tables["blocks"]["article_id"].to_pylist() == [None, one.article_id, two.article_id, None]
    assert text_hash_of("a  b\n") == text_hash_of(" a b") != text_hash_of("ab")
    assert tables["works"].num_rows == 1


def test_a_field_of_an_unknown_type_is_loud() -> None:
    @dataclass
    class Odd:
        what: complex

    with pytest.raises(TypeError, match="ARROW_TYPES"):
        columns_of(Odd)


def test_opening_again_changes_no_file(warehouse: Path) -> None:
    private = warehouse.with_name(f".{warehouse.name}.private")
    before = private.read_bytes()
    with writer(warehouse):
        pass
    assert private.read_bytes() == before


def test_keys_are_columns() -> None:
    for table, key in KEYS.items():
        schema: pa.Schema = {**SCHEMAS, **RUN_SCHEMAS}[table]
        assert set(key) <= set(schema.names)
