"""The sandbox: questions are answered, everything else is refused, and what takes too much is stopped."""

import re
import resource
import time
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest

from extractors.errors import PullquoteError
from tests.unit.extractions import seedlings
from tests.unit.loading import ingested
from warehouse.query import Question, answer, question, saved_questions
from warehouse.sandbox import Limits


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("query") / "it's a warehouse.duckdb"
    ingested(path, seedlings())
    return path


@pytest.mark.parametrize(
    "sql",
    [
        "COPY articles TO '{folder}/out.csv'",
        "COPY (SELECT 1) TO '{folder}/out.parquet' (FORMAT parquet)",
        "EXPORT DATABASE '{folder}/out'",
        "IMPORT DATABASE '{folder}/out'",
        "ATTACH '{folder}/other.duckdb' AS other",
        "DETACH warehouse",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET memory_limit = '64GB'",
        "SET enable_external_access = true",
        "RESET lock_configuration",
        "PRAGMA threads = 8",
        "PRAGMA enable_profiling",
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM read_text('/etc/passwd')",
        "SELECT * FROM read_blob('/etc/passwd')",
        "SELECT * FROM read_parquet('http://127.0.0.1:9/x.parquet')",
        "SELECT * FROM 'http://127.0.0.1:9/x.csv'",
        "SELECT * FROM '/etc/passwd'",
        "SELECT * FROM glob('/etc/*')",
        "SELECT * FROM read_json('/etc/passwd')",
        "SELECT * FROM read_duckdb('{folder}/other.duckdb')",
        "SELECT * FROM sniff_csv('/etc/passwd')",
        "SELECT * FROM parquet_metadata('https://127.0.0.1:9/x.parquet')",
        "SELECT * FROM read_csv('s3://bucket/x.csv')",
        "SELECT * FROM duckdb_secrets()",
        "SELECT * FROM duckdb_extensions()",
        "SELECT getenv('HOME')",
        "CREATE SECRET (TYPE s3)",
        "SET VARIABLE x = 1",
        "CALL enable_logging()",
        "FROM force_checkpoint('warehouse')",
        "FROM json_execute_serialized_sql(json_serialize_sql('COPY (SELECT 1) TO ''{folder}/x'''))",
        "\ud800",
        "SELECT * FROM secret_table",
        "CREATE TABLE memory.x (a INT)",
        "CREATE TEMP TABLE x (a INT)",
        "INSERT INTO works SELECT * FROM works",
        "UPDATE articles SET title = 'x'",
        "DELETE FROM articles",
        "DROP VIEW articles_current",
        "WITH gone AS (SELECT 1) DELETE FROM articles",
        "USE memory",
        "PREPARE p AS SELECT 1",
        "CALL pragma_version()",
        "CHECKPOINT",
        "BEGIN",
        "SELECT 1; DROP TABLE articles",
        "",
        "-- nothing",
        "no sql at all",
    ],
)
def test_what_is_no_question_is_refused(warehouse: Path, tmp_path: Path, sql: str) -> None:
    secret_table = pa.table({"a": [1]})  # a Python variable, which DuckDB would find by its name
    before = warehouse.read_bytes()
    with pytest.raises(PullquoteError) as caught:
        answer(warehouse, sql.format(folder=tmp_path))
    assert caught.value.code in {"query.refused", "query.failed"}
    assert "\n" not in caught.value.detail
    assert list(tmp_path.iterdir()) == []
    assert warehouse.read_bytes() == before
    assert secret_table.num_rows == 1


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT count(*) FROM range(1000000000) a, range(1000000000) b WHERE a.range + b.range = 7",
        "WITH RECURSIVE r AS (SELECT 1 AS a UNION ALL SELECT a + 1 FROM r) SELECT max(a) FROM r",
    ],
)
def test_an_endless_query_is_stopped(warehouse: Path, sql: str) -> None:
    start = time.monotonic()
    with pytest.raises(PullquoteError, match=r"stopped after 0\.3 s") as caught:
        answer(warehouse, sql, limits=Limits(seconds=0.3))
    assert caught.value.code == "query.timeout"
    assert time.monotonic() - start < 10


def test_a_time_limit_of_nothing_still_stops(warehouse: Path) -> None:
    with pytest.raises(PullquoteError, match="stopped"):
        answer(warehouse, "SELECT count(*) FROM range(1000000000) a, range(1000000000) b", limits=Limits(seconds=0))


def test_a_query_that_needs_too_much_memory_is_stopped(warehouse: Path) -> None:
    with pytest.raises(PullquoteError, match="more than the 50MB") as caught:
        answer(warehouse, "SELECT list(range) FROM range(100000000)", limits=Limits(memory="50MB"))
    assert caught.value.code == "query.memory"
    assert [path.name for path in warehouse.parent.iterdir() if "tmp" in path.name] == []


def test_a_huge_result_is_cut_and_says_so(warehouse: Path) -> None:
    result = answer(warehouse, "SELECT * FROM range(1000000000)", limits=Limits(rows=10))
    assert (result.table.num_rows, result.cut) == (10, True)
    whole = answer(warehouse, "SELECT * FROM range(10) ORDER BY 1 DESC; -- all", limits=Limits(rows=10))
    assert (whole.table.column(0).to_pylist(), whole.cut) == (list(range(9, -1, -1)), False)


@pytest.mark.parametrize("sql", ["SHOW TABLES", "DESCRIBE quotes", "SUMMARIZE works", "EXPLAIN SELECT 1", "FROM works"])
def test_looking_around_is_a_question(warehouse: Path, sql: str) -> None:
    assert answer(warehouse, sql).table.num_rows > 0


def test_parameters_are_values(warehouse: Path) -> None:
    sql = "SELECT count(*) AS n FROM quotes WHERE speaker = $speaker"
    assert answer(warehouse, sql, params={"speaker": "Samantha"}).table.to_pylist() == [{"n": 3}]
    assert answer(warehouse, sql, params={"speaker": "' OR 1=1 --"}).table.to_pylist() == [{"n": 0}]
    with pytest.raises(PullquoteError) as caught:
        answer(warehouse, sql)
    assert caught.value.code == "query.parameter"
    with pytest.raises(PullquoteError, match=r"no person; its parameters: \$speaker"):
        answer(warehouse, sql, params={"speaker": "Samantha", "person": "x"})


def asked(sql: str) -> Question:
    (parsed,) = [replace(saved, sql=sql) for saved in saved_questions() if saved.name == "said_by"]
    return parsed


def test_parameters_of_a_saved_question_have_types_and_defaults(warehouse: Path) -> None:
    sql = "SELECT $person AS person, typeof($most) AS kind, $most AS most"
    assert [(p.name, p.kind) for p in asked(sql).parameters] == [("person", "VARCHAR"), ("most", "INTEGER")]
    (row,) = answer(warehouse, asked(sql), params={"most": "7"}).table.to_pylist()
    assert (row["kind"], row["most"]) == ("INTEGER", 7)
    (row,) = answer(warehouse, asked(sql)).table.to_pylist()
    assert row["most"] > 0
    with pytest.raises(PullquoteError, match="most is not of type INTEGER: 'many'") as caught:
        answer(warehouse, asked(sql), params={"most": "many"})
    assert caught.value.code == "query.parameter"


@pytest.mark.parametrize("saved", saved_questions(), ids=lambda saved: saved.name)
def test_every_parameter_is_used_and_told(saved: Question) -> None:
    told = {parameter.name for parameter in saved.parameters}
    assert told == set(re.findall(r"\$(\w+)", re.sub(r"--.*", "", saved.sql)))
    assert saved.answers.endswith("?")


@pytest.mark.parametrize(
    "sql", ["SELECT repeat('x', 4000000000)", "SELECT repeat('x', 200000000) FROM range(20)"], ids=["one", "many"]
)
def test_a_value_as_large_as_the_memory_is_refused(warehouse: Path, sql: str) -> None:
    before = resource.getrlimit(resource.RLIMIT_DATA)
    with pytest.raises(PullquoteError) as caught:
        answer(warehouse, sql, limits=Limits(memory="100MB", seconds=60))
    assert caught.value.code == "query.memory"
    assert resource.getrlimit(resource.RLIMIT_DATA) == before


def test_a_result_of_too_many_bytes_is_cut(warehouse: Path) -> None:
    sql = "SELECT repeat('x', 1000) AS x FROM range(100000)"
    result = answer(warehouse, sql, limits=Limits(rows=100_000, bytes=5_000_000))
    assert result.cut
    assert 1000 < result.table.num_rows <= 5000
    one = answer(warehouse, "SELECT repeat('x', 1000000) AS x", limits=Limits(bytes=1000))
    assert (one.table.num_rows, one.cut) == (1, True)


def test_a_question_that_does_not_listen_is_given_up(warehouse: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("warehouse.sandbox.GRACE", 0.1)
    given_up: list[str] = []
    limits = Limits(seconds=0.1, give_up=lambda: given_up.append("now"))
    with pytest.raises(PullquoteError, match="stopped"):  # made as one value, without looking up
        answer(warehouse, "SELECT length(lpad('x', 50000000, 'y')) FROM range(20)", limits=limits)
    assert given_up == ["now"]


def test_times_are_in_utc(warehouse: Path) -> None:
    sql = "SELECT CAST(first_seen AS VARCHAR) AS t FROM pages LIMIT 1"
    assert answer(warehouse, sql).table.to_pylist() == [{"t": "2026-11-21 12:31:00+00"}]


def test_after_a_publish_a_new_question_sees_the_new_file(tmp_path: Path) -> None:
    path = tmp_path / "x.duckdb"
    ingested(path, seedlings(1))
    assert answer(path, "SELECT count(*) AS n FROM articles").table.to_pylist() == [{"n": 1}]
    ingested(path, seedlings(4), number=2)
    assert answer(path, "SELECT count(*) AS n FROM articles").table.to_pylist() == [{"n": 4}]


def test_a_missing_and_a_damaged_file_are_named(tmp_path: Path) -> None:
    with pytest.raises(PullquoteError, match="no warehouse at") as caught:
        answer(tmp_path / "none.duckdb", "SELECT 1")
    assert caught.value.code == "query.missing"
    (tmp_path / "bad.duckdb").write_bytes(b"not a database" * 1000)
    with pytest.raises(PullquoteError, match="damaged") as caught:
        answer(tmp_path / "bad.duckdb", "SELECT 1")
    assert caught.value.code == "warehouse.corrupt"


def test_saved_questions_are_found_by_name() -> None:
    assert question("most_quoted").answers == "Who is quoted most?"
    with pytest.raises(PullquoteError, match="most_quoted") as caught:
        question("no_such")
    assert caught.value.code == "query.unknown"
