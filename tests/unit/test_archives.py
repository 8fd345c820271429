"""Archives: every document once, in order, with its address; what is damaged or hostile has one clear reason."""

import gzip
import io
import json
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import brotli
import pyarrow as pa
import pytest
import zstandard
from pyarrow import parquet

from extractors.errors import PullquoteError
from extractors.formats import archives as reader
from extractors.formats import members
from extractors.formats.archives import Found, archives, found_in, is_archive
from extractors.formats.rows import columns_of
from extractors.records import Page, Rejected
from tests.archives import (
    DATE,
    MAKERS,
    WITH_ADDRESSES,
    answer,
    documents,
    jsonl,
    plain,
    record,
    records,
    tarred,
    wacz,
    warc,
    zip_of,
    zipped,
)  # fmt: skip
from warehouse.warc import captured

MOMENT = datetime(2024, 3, 4, 5, 6, 7, tzinfo=UTC)


def found(data: bytes, name: str = "a.warc.gz", *, start: int = 0, columns: str = "") -> list[Found]:
    return list(found_in(io.BytesIO(data), uri=name, start=start, columns=columns_of(columns)))


def items(data: bytes, name: str = "a.warc.gz", *, columns: str = "") -> list[Page | Rejected]:
    return [item for part in found(data, name, columns=columns) for item in part.items]


def pages(data: bytes, name: str = "a.warc.gz", *, columns: str = "") -> list[Page]:
    return [item for item in items(data, name, columns=columns) if isinstance(item, Page)]


def refusals(data: bytes, name: str = "a.warc.gz", *, columns: str = "") -> list[Rejected]:
    return [item for item in items(data, name, columns=columns) if isinstance(item, Rejected) and item.stage != "skip"]


def response(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    """A WARC file of one response."""
    return gzip.compress(record("response", "https://example.org/", answer(body, *headers, status=status)))


HTML = "Content-Type: text/html"


@pytest.mark.parametrize("name", MAKERS)
def test_every_page_comes_once_in_order_and_can_be_gone_on_after(name: str) -> None:
    made = documents(7)
    data = MAKERS[name](made)
    assert is_archive(data[: reader.HEAD_BYTES], name)

    whole = found(data, name)

    got = [item for part in whole for item in part.items if isinstance(item, Page)]
    assert [page.data.decode() for page in got] == [document.html for document in made]
    assert len({page.uri for page in got}) == len(got)
    assert all(page.uri.startswith(f"{name}#") for page in got)
    if name in WITH_ADDRESSES:
        assert [page.url for page in got] == [document.url for document in made]
        assert {page.fetched_at for page in got} == {MOMENT}
    assert not refusals(data, name)
    for done in range(len(whole)):
        rest = found(data, name, start=whole[done].position)
        assert [part.items for part in rest] == [part.items for part in whole[done + 1 :]]


def test_every_kind_of_archive_is_made_by_the_tests() -> None:
    made = {
        name
        for file, maker in MAKERS.items()
        for name, module in archives().items()
        if module.recognised(maker(documents(2))[: reader.HEAD_BYTES], file)
    }
    assert made == set(archives())


def test_records_that_hold_no_page_are_remarks() -> None:
    skipped = [item for item in items(warc(documents(2))) if isinstance(item, Rejected)]

    assert [(item.stage, item.code, item.payload) for item in skipped] == [("skip", "skip.record", b"")] * 2
    assert "request" in skipped[0].detail


@pytest.mark.parametrize(
    ("data", "code", "detail"),
    [
        (response(b"gone", HTML, status="404 Not Found"), "skip.status", "404"),
        (response(b"\x89PNG", "Content-Type: image/png"), "skip.media_type", "image/png"),
    ],
)
def test_answers_that_are_no_page_are_remarks(data: bytes, code: str, detail: str) -> None:
    (item,) = items(data)

    assert isinstance(item, Rejected)
    assert (item.stage, item.code) == ("skip", code)
    assert detail in item.detail


def chunked(body: bytes) -> bytes:
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (body[:10], body[10:])) + b"0\r\n\r\n"


BODY = "<!doctype html><p>“Ça va,” said Ann Lee. Plenty of words follow here, so that it is a page of some length."


@pytest.mark.parametrize(
    ("encode", "header"),
    [
        (gzip.compress, "Content-Encoding: gzip"),
        (zlib.compress, "Content-Encoding: deflate"),
        (brotli.compress, "Content-Encoding: br"),
        (zstandard.ZstdCompressor().compress, "Content-Encoding: zstd"),
        (chunked, "Transfer-Encoding: chunked"),
        (lambda body: body, "Content-Encoding: gzip"),  # undone by whoever saved it
        (lambda body: body, "Transfer-Encoding: chunked"),
        (lambda body: chunked(gzip.compress(body)), "Content-Encoding: gzip\r\nTransfer-Encoding: chunked"),
    ],
)
def test_encodings_of_the_body_are_undone(encode: Callable[[bytes], bytes], header: str) -> None:
    (page,) = pages(response(encode(BODY.encode()), HTML, header))

    assert page.data.decode() == BODY


def test_a_body_whose_encoding_cannot_be_undone_is_refused_with_its_bytes() -> None:
    (refusal,) = refusals(response(b"\x8b\x02\x80" + bytes(range(200)), HTML, "Content-Encoding: br"))

    assert refusal.code == "warc.encoding"
    assert bytes(range(200)) in refusal.payload


def test_a_bomb_in_a_body_is_one_refusal() -> None:
    bomb = gzip.compress(bytes(60_000_000))

    (refusal,) = refusals(response(bomb, HTML, "Content-Encoding: gzip"))

    assert refusal.code in {"format.too_large", "format.empty"}


def test_what_the_server_says_of_the_encoding_counts_before_what_the_page_says() -> None:
    body = "<html><meta charset=windows-1251><p>Zażółć gęślą jaźń, powiedziała.".encode("iso-8859-2")

    (page,) = pages(response(body, 'Content-Type: text/html; charset="ISO-8859-2"'))

    assert "gęślą" in page.data.decode(page.charset)


def test_conversions_and_resources_are_pages_without_a_response() -> None:
    data = (
        record("conversion", "https://example.org/a", b"Words of a page", "text/plain")
        + record("resource", "file:///tmp/b.html", b"<!doctype html><p>Words", "text/html")
        + record("resource", "dns:example.org", b"20240304 example.org. IN A 192.0.2.1", "text/dns")
    )

    first, second = pages(data, "a.wet")

    assert (first.format, first.url) == ("text", "https://example.org/a")
    assert (second.format, second.url) == ("html", None)


@pytest.mark.parametrize("name", MAKERS)
def test_pages_of_an_archive_that_stays_can_be_read_there(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(MAKERS[name](documents(3)))

    with path.open("rb") as file:
        kept = [
            page
            for part in found_in(file, uri=name, kept_at=str(path))
            for page in part.items
            if isinstance(page, Page)
        ]

    in_place = {captured(tmp_path, page.capture, page.sha256) == page.data for page in kept if page.capture}
    assert in_place == ({True} if name in {"pages.warc", "pages.warc.gz"} else set())


@pytest.mark.parametrize(
    "record_",
    [
        record("response", "https://example.org/", answer(chunked(BODY.encode()), HTML, "Transfer-Encoding: chunked")),
        record(
            "response", "https://example.org/", answer(gzip.compress(BODY.encode()), HTML, "content-encoding: gzip")
        ),
        record("response", "https://example.org/", b"HTTP/1.1 200 OK\n" + HTML.encode() + b"\n\n" + BODY.encode()),
        record("resource", "https://example.org/", answer(BODY.encode(), HTML), "text/html"),
    ],
)
def test_a_record_that_others_would_read_otherwise_is_no_capture(record_: bytes) -> None:
    (part,) = found_in(io.BytesIO(record_), uri="a.warc", kept_at="/archives/a.warc")
    (page,) = part.items

    assert isinstance(page, Page)
    assert page.data == BODY.encode()
    assert page.capture is None


def test_the_record_of_a_conversion_is_its_capture(tmp_path: Path) -> None:
    path = tmp_path / "a.wet"
    path.write_bytes(record("conversion", "https://example.org/a", "Words — of a page".encode(), "text/plain"))

    with path.open("rb") as file:
        ((page,),) = (part.items for part in found_in(file, uri="a.wet", kept_at=str(path)))

    assert isinstance(page, Page)
    assert captured(tmp_path, str(page.capture), page.sha256) == page.data


def test_a_record_packed_with_others_is_named_by_its_number() -> None:
    data = gzip.compress(warc(documents(3), pack=plain))

    assert [page.uri for page in pages(data)] == ["a.warc.gz#0.1", "a.warc.gz#0.3", "a.warc.gz#0.5"]
    kept = [item for part in found_in(io.BytesIO(data), uri="a.warc.gz", kept_at="/a.warc.gz") for item in part.items]
    assert not any(item.capture for item in kept if isinstance(item, Page))


def test_a_zstd_file_with_a_dictionary_of_its_own() -> None:
    made = records(documents(40))
    words = zstandard.train_dictionary(4_000, list[bytes | bytearray | memoryview](made * 5))
    raw = words.as_bytes()
    packer = zstandard.ZstdCompressor(dict_data=words)
    data = struct.pack("<II", 0x184D2A5D, len(raw)) + raw + b"".join(packer.compress(one) for one in made)

    assert len(pages(data, "a.warc.zst")) == 40


@pytest.mark.parametrize("pack", [gzip.compress, plain, zstandard.ZstdCompressor().compress])
def test_a_damaged_record_costs_itself_alone(pack: Callable[[bytes], bytes]) -> None:
    made = documents(5)
    data = bytearray(warc(made, pack))
    begin = int(pages(bytes(data))[2].uri.rpartition("#")[2])
    data[begin + (0 if pack is plain else 20)] ^= 0xFF

    assert [page.url for page in pages(bytes(data))] == [document.url for document in made if document is not made[2]]
    (refusal,) = refusals(bytes(data))
    assert refusal.code == "warc.damaged"
    assert refusal.detail.startswith(f"bytes {begin:,} to ")
    assert refusal.payload == bytes(data[begin : begin + len(refusal.payload)])
    assert refusal.payload


@pytest.mark.parametrize("name", MAKERS)
def test_a_file_that_breaks_off_keeps_what_came_before(name: str) -> None:
    data = MAKERS[name](documents(20))
    cut = data[: len(data) * 2 // 5 + 100]

    assert refusals(cut, name)
    if name not in {"pages.parquet", "pages.tar.zst"}:  # what tells its rows stands at its end; all of it is one block
        assert [page.data for page in pages(cut, name)] == [page.data for page in pages(data, name)][
            : len(pages(cut, name))
        ]
        assert pages(cut, name)


def test_an_archive_in_an_archive_is_read_and_not_deeper_than_three() -> None:
    two = zip_of({"inner.zip": zipped(documents(2))})
    deep = zip_of({"1.zip": zip_of({"2.zip": two})})

    assert [page.uri for page in pages(two, "a.zip")] == [
        "a.zip#inner.zip#pages/0.html",
        "a.zip#inner.zip#pages/1.html",
    ]
    (refusal,) = refusals(deep, "a.zip")
    assert refusal.code == "archive.too_deep"


def test_of_a_wacz_only_the_records_are_read() -> None:
    data = wacz(documents(2))

    assert [page.uri.rpartition("#")[0] for page in pages(data, "a.wacz")] == ["a.wacz#archive/data.warc.gz"] * 2
    skipped = [item.uri for item in items(data, "a.wacz") if isinstance(item, Rejected) and item.code == "skip.wacz"]
    assert skipped == ["a.wacz#datapackage.json", "a.wacz#pages/pages.jsonl"]


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "a/../../b.html", "C:\\b.html", "..\\b.html"])
def test_a_name_that_leads_outside_is_refused_with_its_bytes(name: str) -> None:
    (refusal,) = refusals(zip_of({name: b"<!doctype html>words", "fine.html": b"<!doctype html>words"}), "a.zip")

    assert (refusal.code, refusal.payload) == ("archive.unsafe_name", b"<!doctype html>words")
    assert len(pages(zip_of({name: b"<!doctype html>words", "fine.html": b"<!doctype html>words"}), "a.zip")) == 1


def test_hidden_files_in_an_archive_are_remarks() -> None:
    data = zip_of({"__MACOSX/._a.html": b"junk", ".DS_Store": b"junk", "a.html": b"<!doctype html>words"})

    assert len(pages(data, "a.zip")) == 1
    assert [item.code for item in items(data, "a.zip") if isinstance(item, Rejected)] == ["skip.hidden"] * 2


def test_a_file_without_a_name_is_named_by_its_place() -> None:
    data = zip_of({"a": b"<!doctype html>words"})
    for mark, place, length in (
        (b"PK\x03\x04", 26, 30),
        (b"PK\x01\x02", 28, 46),
    ):  # the length of the name, and the name
        begin = data.find(mark)
        data = data[: begin + place] + b"\0" + data[begin + place + 1 : begin + length] + data[begin + length + 1 :]

    assert [page.uri for page in pages(data, "a.zip")] == ["a.zip#(0)"]


def test_an_encrypted_file_is_refused() -> None:
    data = bytearray(zip_of({"a.html": b"secret", "b.html": b"<!doctype html>words"}))
    data[6] |= 1
    table = data.find(b"PK\x01\x02")
    data[table + 8] |= 1

    (refusal,) = refusals(bytes(data), "a.zip")

    assert (refusal.code, refusal.uri) == ("archive.encrypted", "a.zip#a.html")
    assert len(pages(bytes(data), "a.zip")) == 1


def test_a_member_of_a_zip_whose_sum_is_wrong_is_refused() -> None:
    data = bytearray(
        zip_of({"a.html": b"<!doctype html>words", "b.html": b"<!doctype html>more"}, method=zipfile.ZIP_STORED)
    )
    data[data.find(b"words")] ^= 1

    (refusal,) = refusals(bytes(data), "a.zip")

    assert (refusal.code, refusal.uri) == ("archive.damaged", "a.zip#a.html")
    assert "CRC" in refusal.detail


def test_a_large_member_is_refused_and_the_next_is_read() -> None:
    data = zip_of({"vast.html": bytes(members.MAX_BYTES + 1), "b.html": b"<!doctype html>words"})

    assert [refusal.code for refusal in refusals(data, "a.zip")] == ["format.too_large"]
    assert len(pages(data, "a.zip")) == 1


def test_a_bomb_of_many_members_ends_at_its_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "FREE_BYTES", 5_000_000)
    monkeypatch.setattr(reader, "MAX_INFLATION", 1)
    data = zip_of({"a.html": b"<!doctype html>words", **{f"{n}.html": bytes(1_000_000) for n in range(20)}})

    assert len(pages(data, "a.zip")) == 1
    assert refusals(data, "a.zip")[-1].code == "archive.bomb"


def test_a_bomb_packed_as_one_file_ends_at_its_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "FREE_BYTES", 5_000_000)
    monkeypatch.setattr(reader, "MAX_INFLATION", 1)

    for data in (gzip.compress(bytes(30_000_000)), zstandard.ZstdCompressor().compress(bytes(30_000_000))):
        assert [refusal.code for refusal in refusals(data, "a.gz")] == ["archive.bomb"]


def test_more_files_than_any_archive_of_pages_has(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "MAX_MEMBERS", 3)

    assert len(pages(zipped(documents(5)), "a.zip")) == 3
    assert [refusal.code for refusal in refusals(zipped(documents(5)), "a.zip")] == ["archive.too_many"]


def test_links_in_a_tar_are_remarks_and_damage_is_told() -> None:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        link = tarfile.TarInfo("link.html")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
        for name in ("a.html", "b.html", "c.html"):
            info = tarfile.TarInfo(name)
            info.size = 20
            archive.addfile(info, io.BytesIO(b"<!doctype html>words"))
    data = bytearray(file.getvalue())
    place = data.find(b"b.html")
    data[place] ^= 0xFF

    assert [page.uri for page in pages(bytes(data), "a.tar")] == ["a.tar#a.html", "a.tar#c.html"]
    assert [item.code for item in items(bytes(data), "a.tar") if isinstance(item, Rejected)] == [
        "skip.link",
        "archive.damaged",
    ]


def test_a_header_that_claims_gigabytes_takes_no_memory() -> None:
    info = tarfile.TarInfo("x")
    info.type, info.size = tarfile.GNUTYPE_LONGNAME, 7_000_000_000
    data = tarred(documents(1))[:1536] + info.tobuf() + bytes(1024)

    assert refusals(data, "a.tar")


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b"{not json}\n", "jsonl.malformed"),
        (b'["a list"]\n', "jsonl.malformed"),
        (b'{"other": 1}\n', "rows.no_content"),
        (b'{"html": {"deep": 1}}\n', "rows.no_content"),
        (b'{"html": "\xff\xfe"}\n', "jsonl.malformed"),
        (b'{"html": ' + b"[" * 100_000 + b"\n", "jsonl.malformed"),
    ],
)
def test_a_bad_line_is_refused_and_the_next_is_read(line: bytes, code: str) -> None:
    data = jsonl(documents(1)) + line + jsonl(documents(2))

    (refusal,) = refusals(data, "a.jsonl")

    assert (refusal.code, refusal.payload) == (code, line)
    assert len(pages(data, "a.jsonl")) == 3


def test_columns_can_be_named() -> None:
    line = json.dumps({"raw": BODY, "html": "no", "where": "https://example.org/x", "seen": 1709528767}).encode()

    (page,) = pages(line + b"\n", "a.jsonl", columns="content=raw, url=where fetched_at=seen")

    assert (page.data.decode(), page.url, page.fetched_at) == (BODY, "https://example.org/x", MOMENT)
    with pytest.raises(PullquoteError, match="names no column"):
        columns_of("contents=raw")


@pytest.mark.parametrize(
    "moment", [MOMENT, MOMENT.replace(tzinfo=None), DATE, "20240304050607", 1709528767, 1709528767000]
)
def test_moments_of_every_form(moment: object) -> None:
    file = io.BytesIO()
    parquet.write_table(pa.table({"html": [BODY], "date": [moment]}), file)

    (page,) = pages(file.getvalue(), "a.parquet")

    assert page.fetched_at == MOMENT


def test_a_table_without_a_page_says_which_columns_there_are() -> None:
    file = io.BytesIO()
    parquet.write_table(pa.table({"first": [1], "second": ["x"]}), file)

    (refusal,) = refusals(file.getvalue(), "a.parquet")

    assert refusal.code == "rows.no_content"
    assert "first, second" in refusal.detail


def test_a_plain_file_that_is_packed_is_a_page() -> None:
    (page,) = pages(gzip.compress(BODY.encode()), "page.html.gz")

    assert (page.uri, page.data.decode()) == ("page.html.gz", BODY)
