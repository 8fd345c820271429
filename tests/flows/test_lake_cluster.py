"""A lake on Postgres and S3, both real and of the test's own: the file's rows and answers, two publishers, a kill."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import boto3
import pytest

from extractors.errors import PullquoteError
from extractors.extract import extractions_of
from extractors.formats import pages_in
from extractors.records import Extraction, Page
from tests.clusters import Cluster, object_store, postgres
from tests.pages import written_page
from tests.unit.extractions import NOW
from tests.unit.loading import ACROSS, CONTENT, answers_of, contents_of, ingested
from warehouse.load import KEYS
from warehouse.query import answer
from warehouse.reader import is_there, reader
from warehouse.search import Wish, found
from warehouse.store import Access, Lake, store_of

pytestmark = pytest.mark.timeout(1500)  # processes, each of which imports all there is

SECRET = "a-secret-that-nobody-must-see"
ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    with postgres() as running:
        yield running


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    with object_store("pages") as address:
        yield address


def environment(s3: str) -> dict[str, str]:
    keys = {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": SECRET, "AWS_REGION": "us-east-1"}
    return {**os.environ, **keys, "AWS_ENDPOINT_URL": s3, "PYTHONPATH": str(ROOT)}


def lake_in(cluster: Cluster, name: str, s3: str, local: Path) -> Lake:
    access = Access(endpoint=s3, region="us-east-1", key="key", secret=SECRET)
    address = f"ducklake:postgres:{cluster.database(name)}?data=s3://pages/{name}"
    lake = store_of(address, local=local, access=access)
    assert isinstance(lake, Lake)
    return lake


@pytest.fixture(scope="module")
def extracted(seeds: Path) -> list[Extraction]:
    found = [page for path in sorted(seeds.glob("*.txt")) for page in pages_in(path.read_bytes(), uri=path.name)]
    return list(extractions_of([page for page in found if isinstance(page, Page)], today=NOW.date()))


@contextmanager
def command(lake: Lake, sources: Path, folder: Path, s3: str) -> Iterator[subprocess.Popen[bytes]]:
    """An ingest in a process of its own, with captures and so a lock of its own, as on another machine."""
    words = [sys.executable, "-m", "flows", "ingest", "--direct", str(sources), "--warehouse", str(lake)]
    own = environment(s3) | {"PULLQUOTE_CAPTURES": str(folder / "captures"), "PULLQUOTE_REPORTS": str(folder / "r")}
    folder.mkdir(exist_ok=True)
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen(words, cwd=folder, env=own, stdout=log, stderr=log)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def test_rows_and_answers_are_those_of_a_file(
    cluster: Cluster, s3: str, extracted: list[Extraction], tmp_path: Path
) -> None:
    lake, file = lake_in(cluster, "same", s3, tmp_path / "same"), tmp_path / "x.duckdb"
    assert not is_there(lake)
    for store in (lake, file):
        ingested(store, extracted[1:])
        ingested(store, extracted, number=2)

    tables = (*CONTENT, *ACROSS, "runs", "checks", "ledger")
    stored = contents_of(lake, tables=tables)
    assert stored == contents_of(file, tables=tables)
    assert len(stored["quotes"]) > 100
    assert answers_of(lake) == answers_of(file)
    wish = Wish(words="the past story")
    assert found(lake, wish) == found(file, wish)
    assert found(lake, wish).hits


def test_questions_reach_no_other_database_and_no_key(cluster: Cluster, s3: str, tmp_path: Path) -> None:
    lake = lake_in(cluster, "closed", s3, tmp_path / "closed")
    ingested(lake, [])
    other = cluster.database("other")
    for sql in (
        f"FROM postgres_scan('{other}', 'public', 't')",
        f"FROM postgres_attach('{other}')",
        "FROM postgres_query('__ducklake_metadata_warehouse', 'DROP TABLE ducklake_table')",
        "FROM postgres_execute('__ducklake_metadata_warehouse', 'DROP TABLE ducklake_table')",
        "FROM __ducklake_metadata_warehouse.public.ducklake_table",
        "FROM read_text('s3://pages/other/secret.txt')",
        "FROM glob('s3://pages/*')",
        f"FROM read_text('{s3}/pages/x')",
    ):
        with pytest.raises(PullquoteError) as caught:
            answer(lake, sql)
        assert caught.value.code in {"query.refused", "query.failed"}, sql
        assert SECRET not in caught.value.detail
    assert SECRET not in str(answer(lake, "FROM duckdb_secrets()").table.to_pylist())
    assert SECRET not in str(answer(lake, "FROM duckdb_databases()").table.to_pylist())


def test_what_cannot_be_reached_is_one_clear_line(cluster: Cluster, s3: str, tmp_path: Path) -> None:
    database = cluster.database("alone")
    for address, said in (
        ("ducklake:postgres:dbname=none host=127.0.0.1 port=1 user=x?data=s3://pages/x", "Connection refused"),
        (f"ducklake:postgres:{database}", r"a new lake needs \?data="),
        (f"ducklake:postgres:{database}?data=s3://no-such-bucket/x", "no-such-bucket|bucket does not exist"),
    ):
        lake = store_of(address, local=tmp_path / "alone", access=Access(endpoint=s3, key="key", secret=SECRET))
        with pytest.raises(PullquoteError, match=said) as caught:
            ingested(lake, [])
        assert caught.value.code.startswith("warehouse.")
        assert SECRET not in caught.value.detail
        assert "\n" not in caught.value.detail


def test_publishers_at_once_lose_nothing_and_neither_does_one_that_is_killed(
    cluster: Cluster, s3: str, tmp_path: Path
) -> None:
    """Pages 0-4 and 3-7 from two "machines" at once, one of which was killed in the middle of a load before."""
    lake = lake_in(cluster, "busy", s3, tmp_path / "busy")
    ingested(lake, [])
    for name, numbers in (("a", range(5)), ("b", range(3, 8))):
        for number in numbers:
            written_page(tmp_path / f"pages {name}", number)

    with command(lake, tmp_path / "pages a", tmp_path / "a", s3) as doomed:
        _await_new_file(s3, "busy")
        doomed.send_signal(signal.SIGKILL)
    assert contents_of(lake, tables=["pages"]) == {"pages": []}
    with (
        command(lake, tmp_path / "pages a", tmp_path / "a", s3) as one,
        command(lake, tmp_path / "pages b", tmp_path / "b", s3) as other,
    ):
        assert [process.wait(timeout=600) for process in (one, other)] == [0, 0], _logs(tmp_path)

    with reader(lake) as connection:
        for table, key in KEYS.items():
            names = ", ".join(f'"{name}"' for name in key)
            rows = connection.execute(f'SELECT count(*), count(DISTINCT ({names})) FROM "{table}"').fetchone()
            assert rows
            assert rows[0] == rows[1], table
        assert connection.execute("SELECT count(*) FROM articles").fetchone() == (8,)
        assert connection.execute("SELECT count(*), count(DISTINCT uri) FROM ledger").fetchone() == (10, 10)
        assert connection.execute(
            "SELECT count(*), count(DISTINCT document_id), count(DISTINCT row_id) FROM search_articles"
        ).fetchone() == (8, 8, 8)
        assert connection.execute("SELECT count(*) = count(DISTINCT word) FROM search_words").fetchone() == (True,)
    assert SECRET not in _logs(tmp_path)


def _await_new_file(s3: str, prefix: str) -> None:
    """Until somebody writes rows, which is in the middle of a load: they are committed when all of them are there."""
    keys = {"aws_access_key_id": "key", "aws_secret_access_key": SECRET, "region_name": "us-east-1"}
    client = boto3.client("s3", endpoint_url=s3, **keys)
    before = client.list_objects_v2(Bucket="pages", Prefix=prefix)["KeyCount"]
    until = time.monotonic() + 500
    while client.list_objects_v2(Bucket="pages", Prefix=prefix)["KeyCount"] == before:
        assert time.monotonic() < until, "nobody writes"
        time.sleep(0.02)


def _logs(folder: Path) -> str:
    return "\n".join(path.read_text() for path in sorted(folder.glob("*/log")))
