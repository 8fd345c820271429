"""Objects in a store as sources: a real S3 server on this machine, fsspec's own memory, and what is not read."""

import io
import sys
from collections.abc import Iterator
from pathlib import Path

import boto3
import duckdb
import fsspec
import pytest
from moto.server import ThreadedMotoServer

from extractors.records import Rejected
from flows.order import Order
from flows.run import ingested
from flows.sources import Source, data_of, sources_of
from tests.archives import documents, warc, zipped
from tests.website import page

KEYS = {"aws_access_key_id": "key", "aws_secret_access_key": "secret", "region_name": "us-east-1"}


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    running = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    running.start()
    try:
        host, port = running.get_host_and_port()
        yield f"http://{host}:{port}"
    finally:
        running.stop()


@pytest.fixture
def bucket(server: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A bucket with pages, found as anybody's is: by the environment."""
    for name, value in KEYS.items():
        monkeypatch.setenv("AWS_DEFAULT_REGION" if name == "region_name" else name.upper(), value)
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", server)
    client = boto3.client("s3", endpoint_url=server, **KEYS)
    client.create_bucket(Bucket="pages")
    for name in ("a.html", "more/b.html", "more/.hidden/c.html", "more/half.tmp", "more/[odd] name.html"):
        client.put_object(Bucket="pages", Key=f"crawl/{name}", Body=page(name))
    client.put_object(Bucket="pages", Key="large.bin", Body=bytes(range(256)) * 100_000)
    yield "s3://pages"
    for entry in client.list_objects_v2(Bucket="pages")["Contents"]:
        client.delete_object(Bucket="pages", Key=entry["Key"])
    client.delete_bucket(Bucket="pages")
    client.close()
    fsspec.get_filesystem_class("s3").clear_instance_cache()


def uris(*arguments: str) -> list[str]:
    return [source.uri for source in sources_of(arguments) if isinstance(source, Source)]


def refusal(argument: str) -> Rejected:
    (found,) = sources_of([argument])
    assert isinstance(found, Rejected), found
    return found


def test_objects_prefixes_and_patterns(bucket: str) -> None:
    assert uris(f"{bucket}/crawl/a.html") == ["s3://pages/crawl/a.html"]
    below = [f"s3://pages/crawl/{name}" for name in ("a.html", "more/[odd] name.html", "more/b.html")]
    assert uris(f"{bucket}/crawl") == uris(f"{bucket}/crawl/") == below
    assert uris(f"{bucket}/crawl/*.html") == ["s3://pages/crawl/a.html"]
    assert uris(f"{bucket}/crawl/**/b*.html") == ["s3://pages/crawl/more/b.html"]
    (source,) = sources_of([f"{bucket}/crawl/a.html"])
    assert isinstance(source, Source)
    assert data_of(source) == data_of(source) == page("a.html")
    assert source.size == len(page("a.html"))


def test_an_object_is_a_file_that_can_be_searched(bucket: str) -> None:
    (source,) = sources_of([f"{bucket}/large.bin"])
    assert isinstance(source, Source)
    with source.opened() as file:
        assert file.seekable()
        assert file.seek(-3, io.SEEK_END) == 256 * 100_000 - 3
        assert file.read() == bytes([253, 254, 255])
        file.seek(255)
        assert file.read(2) == bytes([255, 0])
        assert sum(map(len, iter(lambda: file.read(1_000_003), b""))) == 256 * 100_000 - 257


def test_what_is_not_there_is_a_refusal(bucket: str) -> None:
    assert refusal(f"{bucket}/crawl/none.html").code == "source.missing"
    assert refusal(f"{bucket}/none/*").code == "source.missing"
    assert refusal("s3://elsewhere/a.html").code in {"source.missing", "source.unreadable"}
    (source,) = sources_of([f"{bucket}/crawl/a.html"])
    assert isinstance(source, Source)
    store = fsspec.filesystem("s3")
    store.rm("pages/crawl/a.html")
    gone = data_of(source)
    assert isinstance(gone, Rejected), "it went while we looked at others"
    assert gone.code == "source.unreadable"


@pytest.mark.parametrize(
    "address",
    [
        *("simplecache::s3://pages/a.html", "zip://a.html::s3://pages/a.zip", "filecache::http://127.0.0.1/a"),
        *("local:///etc/passwd", "ftp://127.0.0.1/a", "sftp://127.0.0.1/a", "ssh://127.0.0.1/a", "smb://127.0.0.1/a"),
        *(
            "hdfs://127.0.0.1/a",
            "webhdfs://127.0.0.1/a",
            "github://a:b@c/d",
            "data://text/html,hello",
            "blockcache://a",
        ),
        *("reference://a", "gopher://127.0.0.1/", "dict://127.0.0.1/", "jar://a", "S3X://a", "memory://a::file://b"),
    ],
)
def test_other_addresses_are_not_read(address: str) -> None:
    assert refusal(address).code == "source.unsupported"


def test_a_store_whose_package_is_missing_is_told() -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "gcsfs", None)
        assert "gcsfs" in refusal("gs://pages/a.html").detail


def test_pages_and_archives_of_a_store_are_loaded(bucket: str, server: str, tmp_path: Path) -> None:
    client = boto3.client("s3", endpoint_url=server, **KEYS)
    client.put_object(Bucket="pages", Key="dumps/1.warc.gz", Body=warc(documents(3)))
    client.put_object(Bucket="pages", Key="dumps/2.zip", Body=zipped(documents(5)[3:]))
    client.put_object(Bucket="pages", Key="dumps/notes.txt", Body=b"no match")
    client.close()
    fsspec.filesystem("memory").pipe("/inbox/c.html", page("Memory"))
    order = Order(
        sources=(f"{bucket}/crawl/*.html", f"{bucket}/dumps/*.[wz]*", "memory://inbox"),
        warehouse=tmp_path / "w.duckdb",
        reports=tmp_path / "r",
    )

    outcome = ingested(order)

    assert not outcome.failed
    assert outcome.report.run.funnel.pages == 1 + 3 + 2 + 1
    with duckdb.connect(str(order.warehouse), read_only=True) as connection:
        places = connection.execute("SELECT uri FROM pages WHERE contains(uri, 'dumps') ORDER BY uri").fetchall()
        inputs = connection.execute("SELECT count(*) FROM ledger WHERE position IS NULL").fetchone()
    assert [uri.partition("#")[0] for (uri,) in places] == ["s3://pages/dumps/1.warc.gz"] * 3 + [
        "s3://pages/dumps/2.zip"
    ] * 2
    assert inputs == (4,)
    assert ingested(order).report.run.state == "unchanged"
