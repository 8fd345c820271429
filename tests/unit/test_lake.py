"""A lake on SQLite beside a file: the same tables, rows and answers, the same sandbox, and one publisher after another."""

import sqlite3
from pathlib import Path

import duckdb
import pytest

from extractors.errors import PullquoteError
from tests.unit.extractions import NOW, extraction_of, seedlings
from tests.unit.loading import ACROSS, CONTENT, answers_of, contents_of, ingested, loaded
from warehouse import transaction
from warehouse.connection import writer
from warehouse.index import TABLES as INDEX
from warehouse.lake import bytes_in, lake_opened
from warehouse.query import _only_select, answer
from warehouse.reader import is_there, reader
from warehouse.sandbox import Limits, Sandbox, sandbox
from warehouse.search import Wish, found
from warehouse.store import Lake, Store, store_of
from warehouse.upkeep import exported, imported, vacuumed

pytestmark = pytest.mark.timeout(900)  # dozens of statements for each load, each through a catalogue

SCHEMA = "SELECT table_name, column_name, data_type, comment FROM duckdb_columns() WHERE NOT internal ORDER BY ALL"
EDITED = extraction_of("First line.\n\n“No other words,” said Ann Lee.", ("Ann Lee", "No other words,"), uri="b.txt")


HOSTILE = (
    "FROM sqlite_scan('{folder}/other.sqlite', 't')",
    "FROM \"sqlite_scan\" /* x */ ('{folder}/other.sqlite', 't')",
    "FROM SYSTEM.main.Sqlite_Scan('{folder}/other.sqlite', 't')",
    "SELECT (SELECT x FROM sqlite_scan('{folder}/other.sqlite', 't'))",
    "WITH s AS (SELECT 1) SELECT *, 'ä„“' FROM sqlite_scan('{folder}/other.sqlite', 't'), s",
    "FROM sqlite_attach('{folder}/other.sqlite')",
    "FROM sqlite_query('__ducklake_metadata_warehouse', 'SELECT 1')",
    "EXPLAIN FROM sqlite_query('x', 'DELETE FROM ducklake_table RETURNING 1')",
    "FROM query('FROM sqlite_scan(''{folder}/other.sqlite'', ''t'')')",
    "FROM query('FROM sqlite' || '_scan(''{folder}/other.sqlite'', ''t'')')",
    "FROM query_table('__ducklake_metadata_warehouse.ducklake_table')",
    "FROM json_execute_serialized_sql(json_serialize_sql('FROM sqlite_scan(''{folder}/other.sqlite'', ''t'')'))",
    "FROM __ducklake_metadata_warehouse.ducklake_table",
    'FROM "__DUCKLAKE_METADATA_warehouse".main.ducklake_metadata',
    "FROM ducklake_delete_orphaned_files('warehouse', cleanup_all => true)",
    "FROM ducklake_add_data_files('warehouse', 'quotes', '{folder}/x.parquet')",
    "FROM read_text('{folder}/secret.txt')",
    "FROM '{folder}/other.sqlite'",
    "FROM read_blob('/etc/passwd')",
    "FROM glob('{folder}/*')",
    "FROM read_parquet('http://127.0.0.1:9/x.parquet')",
    "CALL ducklake_expire_snapshots('warehouse')",
    "ATTACH 'sqlite:{folder}/other.sqlite' AS other",
    "DELETE FROM quotes",
    "SELECT 1; DELETE FROM quotes",
)


def lake_at(path: Path, *, local: Path | None = None) -> Lake:
    lake = store_of(f"ducklake:sqlite:{path}", local=local)
    assert isinstance(lake, Lake)
    return lake


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("file") / "x.duckdb"
    filled(path)
    return path


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    store = lake_at(tmp_path_factory.mktemp("it's a lake") / "x.sqlite")
    assert not is_there(store)
    filled(store)
    return store


def filled(store: Store) -> None:
    """Two batches: new pages, and one of them again with other words."""
    ingested(store, seedlings())
    ingested(store, [*seedlings(1), EDITED], number=2)


def test_the_schema_is_the_same(file: Path, lake: Lake) -> None:
    with reader(file) as connection:
        expected = connection.execute(SCHEMA).fetchall()
    with reader(lake) as connection:
        assert connection.execute(SCHEMA).fetchall() == expected


def test_the_rows_are_the_same(file: Path, lake: Lake) -> None:
    tables = (*CONTENT, *ACROSS, "runs", "checks", "ledger", "quarantine", "schema_files", *INDEX)
    expected = contents_of(file, tables=tables)
    stored = contents_of(lake, tables=tables)
    for table in tables:
        assert stored[table] == expected[table], table
    assert len(expected["quotes"]) > 3


def test_every_saved_question_has_the_same_answer(file: Path, lake: Lake) -> None:
    answers = answers_of(file)
    assert answers_of(lake) == answers
    assert answers["conflicting_speakers"]


@pytest.mark.parametrize("wish", [Wish(words="words"), Wish(words="line", where="articles"), Wish(words='"no other"')])
def test_a_search_finds_the_same(file: Path, lake: Lake, wish: Wish) -> None:
    assert found(lake, wish) == found(file, wish)
    assert found(lake, wish).hits


def answered(opened: Sandbox, sql: str) -> None:
    _only_select(opened, sql)
    opened.connection.execute(sql).fetchall()


def test_the_sandbox_of_a_lake_holds(lake: Lake, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "other.sqlite") as other:
        other.execute("CREATE TABLE t (x)")
    (tmp_path / "secret.txt").write_text("secret")
    before = contents_of(lake)
    with sandbox(lake, Limits()) as opened:
        for sql in HOSTILE:
            asked = sql.format(folder=tmp_path)
            with pytest.raises((PullquoteError, duckdb.Error)):
                answered(opened, asked)
    with pytest.raises(PullquoteError, match="sqlite_scan is not for questions"):
        answer(lake, HOSTILE[0])
    assert contents_of(lake) == before


@pytest.mark.parametrize("sql", ["SELECT 'query(' AS query", "FROM quotes AT (VERSION => 10)", "EXPLAIN FROM pages"])
def test_looking_around_a_lake_is_a_question(lake: Lake, sql: str) -> None:
    assert answer(lake, sql).table.num_columns > 0


def test_of_two_publishers_the_slower_goes_on_after_the_faster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two machines, each with its own lock; in the middle of the one's load the other loads the same and more."""
    first, second = (lake_at(tmp_path / "x.sqlite", local=tmp_path / name) for name in ("a", "b"))
    alone = tmp_path / "x.duckdb"
    monkeypatch.setattr(transaction, "PAUSES", (0.0,) * 3)
    ingested(first, seedlings(1))
    attempts = []

    def audit(_: object) -> tuple[()]:
        attempts.append(1)
        if len(attempts) == 1:
            ingested(second, seedlings(2), number=2)
        return ()

    with writer(first) as opened:
        loaded(opened.connection, seedlings(3), number=3, audit=audit)

    assert len(attempts) == 2
    for number in (1, 2, 3):
        ingested(alone, seedlings(number), number=number)
    assert contents_of(first, tables=(*CONTENT, *ACROSS, "runs", "ledger")) == contents_of(
        alone, tables=(*CONTENT, *ACROSS, "runs", "ledger")
    )


def test_what_is_not_committed_was_never_there(tmp_path: Path) -> None:
    store = lake_at(tmp_path / "x.sqlite")
    ingested(store, seedlings(1))
    before = contents_of(store)

    def audit(_: object) -> tuple[()]:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), writer(store) as opened:
        loaded(opened.connection, seedlings(3), number=2, audit=audit)

    assert contents_of(store) == before
    ingested(store, seedlings(3), number=2)
    assert len(contents_of(store)["pages"]) == 4


def test_a_file_becomes_a_lake_and_a_lake_a_file(file: Path, tmp_path: Path) -> None:
    store, back = lake_at(tmp_path / "x.sqlite"), tmp_path / "back.duckdb"
    for source, target, folder in ((file, store, tmp_path / "out"), (store, back, tmp_path / "home")):
        exported(source, tmp_path / "no captures", folder)
        with writer(target) as opened:
            imported(opened, tmp_path / "captures", folder, now=NOW)
    tables = (*CONTENT, *ACROSS, "runs", "checks", "ledger")
    assert contents_of(store, tables=tables) == contents_of(file, tables=tables) == contents_of(back, tables=tables)
    assert found(store, Wish(words="words")).hits == found(file, Wish(words="words")).hits


def files_of(store: Lake) -> int:
    with lake_opened(store, read_only=True) as connection:
        return bytes_in(connection)[0]


def test_a_tidy_lake_has_fewer_files_and_the_same_rows(tmp_path: Path) -> None:
    store = lake_at(tmp_path / "x.sqlite")
    filled(store)
    before, files = contents_of(store), files_of(store)
    with writer(store) as opened:
        vacuumed(opened, now=NOW)
    assert files_of(store) < files
    assert contents_of(store) == before


@pytest.mark.parametrize("text", ["no database at all, but long enough to be looked at" * 9, ""])
def test_what_is_no_catalogue_is_left_as_it_is(tmp_path: Path, text: str) -> None:
    path = tmp_path / "x.sqlite"
    path.write_text(text)
    with pytest.raises(PullquoteError) as caught:
        answer(lake_at(path), "SELECT 1")
    assert caught.value.code in {"warehouse.corrupt", "warehouse.missing"}
    assert path.read_text() == text


def test_a_lake_that_is_not_there_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(PullquoteError, match="there is no warehouse at ducklake:sqlite:") as caught:
        answer(lake_at(tmp_path / "x.sqlite"), "SELECT 1")
    assert caught.value.code == "warehouse.missing"
    assert list(tmp_path.iterdir()) == []
