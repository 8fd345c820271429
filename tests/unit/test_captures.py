"""Captures: the same bytes come back, once kept is kept once, and a crash leaves nothing that misleads."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fastwarc.warc import ArchiveIterator as FastArchiveIterator
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from extractors.errors import PullquoteError
from extractors.records import Page, Rejected
from flows.judge import JUDGE
from tests.unit.extractions import NOW, RUN, VERSION, page_of
from tests.unit.loading import run_of
from warehouse.captures import INLINE_BYTES, Captures
from warehouse.connection import Writer, writer
from warehouse.load import load
from warehouse.records import quarantined_of
from warehouse.tables import arrow_of, tables_of
from warehouse.warc import captured

HOSTILE = (
    b"",
    b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc",
    b"WARC/1.1\r\nWARC-Type: response\r\nContent-Length: 10\r\n\r\n",
    b"\x1f\x8b\x08\x00 gzip inside",
    bytes(range(256)) * 40,
    b"\r\n\r\n\r\n\r\n",
)


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Writer]:
    with writer(tmp_path / "x.duckdb") as opened:
        yield opened


def kept(captures: Captures, *data: bytes, url: str | None = None) -> list[Page]:
    pages = [page_of(content, uri=f"{n}.txt", url=url) for n, content in enumerate(data)]
    return list(captures.of_pages(pages, now=NOW))


def loaded(opened: Writer, pages: list[Page]) -> None:
    """The pages' rows, without articles."""
    tables = tables_of([], run_id=RUN, now=NOW, extractor_version=VERSION)
    schema = tables["pages"].schema
    rows = [
        {name: getattr(page, name, None) for name in schema.names} | {"first_seen": NOW, "run_id": RUN}
        for page in pages
    ]
    tables["pages"] = arrow_of(rows, schema)
    load(opened.connection, tables=tables, quarantined=(), checks=(), run=run_of(), ledger=(), judge=JUDGE)


def pointer(page: Page) -> str:
    assert page.capture
    return page.capture


def files(opened: Writer) -> list[Path]:
    return sorted(opened.files.captures.iterdir())


@pytest.mark.parametrize("url", [None, "https://example.org/a b?c=é#d", "http://x\r\nWARC-Type: metadata/"])
def test_every_byte_comes_back(opened: Writer, url: str | None) -> None:
    for page in kept(opened.captures(), *HOSTILE, url=url):
        assert captured(opened.files.captures, pointer(page)) == page.data


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=3000), uri=st.text(max_size=30))
def test_any_bytes_from_anywhere_come_back(opened: Writer, data: bytes, uri: str) -> None:
    (page,) = opened.captures().of_pages([page_of(data, uri=uri)], now=NOW)

    assert captured(opened.files.captures, pointer(page)) == data


def test_any_warc_tool_reads_the_files(opened: Writer) -> None:
    pages = kept(opened.captures(), *HOSTILE, url="https://example.org/é")
    (path,) = files(opened)
    expected = [page.data for page in pages]

    with path.open("rb") as file:
        records = [
            (record.rec_type, record.rec_headers.get_header("WARC-Record-ID"), record.content_stream().read())
            for record in ArchiveIterator(file, check_digests="raise")
        ]
    assert records[0][0] == "warcinfo"
    assert [data for _, _, data in records[1:]] == expected
    assert [name for _, name, _ in records[1:]] == [f"<urn:uuid:{page.page_id}>" for page in pages]

    fast = []
    with path.open("rb") as file:
        for record in FastArchiveIterator(file):
            assert record.verify_block_digest(consume=False)
            fast.append((record.headers.get("WARC-Target-URI"), record.reader.read()))
    assert [data for _, data in fast[1:]] == expected
    assert {address for address, _ in fast[1:]} == {"https://example.org/%C3%A9"}


def test_the_same_content_is_kept_once(opened: Writer) -> None:
    first = kept(opened.captures(), b"one", b"two")
    loaded(opened, first)
    size = files(opened)[0].stat().st_size

    again = kept(opened.captures(), b"one", b"two", url="https://example.org/")

    assert [page.capture for page in again] == [page.capture for page in first]
    assert files(opened)[0].stat().st_size == size


def test_a_page_from_an_archive_is_left_there(opened: Writer) -> None:
    page = replace(page_of(b"one"), capture="/archive/crawl.warc.gz:17:300")

    assert opened.captures().of_pages([page], now=NOW) == (page,)
    assert not opened.files.captures.exists()


def test_files_end_at_the_size_that_is_set(opened: Writer) -> None:
    captures = opened.captures(file_bytes=600)

    pages = kept(captures, *(bytes([n]) * 50 for n in range(8)))

    assert len(files(opened)) > 2
    assert len({pointer(page) for page in pages}) == 8
    for page in pages:
        assert captured(opened.files.captures, pointer(page)) == page.data


@pytest.mark.parametrize("torn", [b"\x1f\x8b\x08\0\0\0", b"\0" * 5000, b"garbage", None])
def test_what_a_dead_run_left_is_used_and_its_torn_end_cut(opened: Writer, torn: bytes | None) -> None:
    loaded(opened, kept(opened.captures(), b"before"))
    dead = kept(opened.captures(), b"whole")  # and no transaction after it
    (path,) = files(opened)
    whole = path.stat().st_size
    with path.open("ab") as file:
        file.write(path.read_bytes()[-60:-10] if torn is None else torn)

    again = kept(opened.captures(), b"whole", b"after")

    assert again[0].capture == dead[0].capture
    assert pointer(again[1]).split(":")[1] == str(whole)
    with path.open("rb") as file:
        assert [r.content_stream().read() for r in ArchiveIterator(file, check_digests="raise")][1:] == [
            b"before",
            b"whole",
            b"after",
        ]


def test_a_file_that_lost_its_end_is_not_written_over(opened: Writer, caplog: pytest.LogCaptureFixture) -> None:
    (page,) = kept(opened.captures(), b"one" * 100)
    loaded(opened, [page])
    (path,) = files(opened)
    path.write_bytes(path.read_bytes()[:-40])

    (other,) = kept(opened.captures(), b"two")

    assert "is shorter" in caplog.text
    assert pointer(other).startswith("captures-000002")
    with pytest.raises(PullquoteError) as caught:
        captured(opened.files.captures, pointer(page))
    assert caught.value.code == "capture.damaged"


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ("captures-000001.warc.gz", "capture.malformed"),
        ("nowhere.warc.gz:0:10", "capture.missing"),
        ("captures-000001.warc.gz:-5:10", "capture.missing"),
        ("captures-000001.warc.gz:99999:10", "capture.damaged"),
        ("captures-000001.warc.gz:280:40", "capture.damaged"),
    ],
)
def test_a_pointer_to_nothing_is_named(opened: Writer, wrong: str, code: str) -> None:
    kept(opened.captures(), b"one")

    with pytest.raises(PullquoteError) as caught:
        captured(opened.files.captures, wrong)

    assert caught.value.code == code
    assert "\n" not in caught.value.detail


def test_a_changed_byte_is_noticed(opened: Writer) -> None:
    (page,) = kept(opened.captures(), b"one")
    (path,) = files(opened)
    forged = opened.files.captures / "forged.warc"
    with path.open("rb") as file:
        record = list(ArchiveIterator(file))[-1]
    head = b"".join(f"{name}: {value}\r\n".encode() for name, value in record.rec_headers.headers)
    forged.write_bytes(b"WARC/1.1\r\n" + head + b"\r\n" + b"two" + b"\r\n\r\n")

    with pytest.raises(PullquoteError, match="not those that were kept"):
        captured(opened.files.captures, f"forged.warc:0:{forged.stat().st_size}")
    assert captured(opened.files.captures, pointer(page)) == b"one"


def test_large_refusals_are_captures_small_ones_stay_in_their_row(opened: Writer) -> None:
    large, small = (
        quarantined_of(Rejected(stage="format", code="x", detail="x", uri="a", payload=b"z" * size), run_id=RUN)
        for size in (INLINE_BYTES + 1, INLINE_BYTES)
    )

    in_file, in_row = opened.captures().of_items([large, small], now=NOW)

    assert in_row == small
    assert in_file.payload == b""
    assert in_file.capture
    data = captured(opened.files.captures, in_file.capture)
    assert hashlib.sha256(data).digest() == hashlib.sha256(large.payload).digest()


def test_the_bytes_of_a_refused_page_are_kept_once(opened: Writer) -> None:
    data = b"z" * (INLINE_BYTES + 1)
    captures = opened.captures()
    (page,) = kept(captures, data)
    refusal = Rejected(stage="extract", code="x", detail="x", uri="a", page_id=page.page_id, payload=data)

    (item,) = captures.of_items([quarantined_of(refusal, run_id=RUN)], now=NOW)

    assert item.capture == page.capture
