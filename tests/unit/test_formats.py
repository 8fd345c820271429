"""Bytes → pages: every encoding and mislabelling that pages come in, and what is no page at all."""

import codecs
import gzip
import zlib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from extractors import formats
from extractors.formats import pages_in
from extractors.formats.charset import text_of
from extractors.formats.source import host_of
from extractors.records import Page, Rejected, uuid_of
from tests.archives import mhtml

JAPANESE = "これは日本語の文章です。今日はとても良い天気なので、散歩に行きました。駅前の店で本を買いました。" * 3
GERMAN = "Der Bürgermeister sagte, es müsse für alle über das Gespräch geredet werden. " * 4
CURLY = "<p>“It is late,” said Ann. The café is closed – for good, she’s told us.</p>"


def page_of(data: bytes, *, uri: str = "page", url: str | None = None, media_type: str | None = None) -> Page:
    (page,) = pages_in(data, uri=uri, url=url, media_type=media_type)
    assert isinstance(page, Page)
    return page


def refusal_of(data: bytes) -> Rejected:
    (refusal,) = pages_in(data, uri="page")
    assert isinstance(refusal, Rejected)
    return refusal


def labelled(label: str, body: str, encoding: str) -> bytes:
    return f'<html><head><meta charset="{label}"></head><body>{body}</body></html>'.encode(encoding)


@pytest.mark.parametrize(
    ("data", "text"),
    [
        pytest.param(codecs.BOM_UTF8 + "Déjà vu".encode(), "Déjà vu", id="utf-8 mark"),
        pytest.param(codecs.BOM_UTF16_LE + "Déjà vu".encode("utf-16-le"), "Déjà vu", id="utf-16-le mark"),
        pytest.param(codecs.BOM_UTF16_BE + "Déjà vu".encode("utf-16-be"), "Déjà vu", id="utf-16-be mark"),
        pytest.param("The mayor’s café".encode("utf-16-le"), "The mayor’s café", id="utf-16-le without a mark"),
        pytest.param("The mayor’s café".encode("utf-16-be"), "The mayor’s café", id="utf-16-be without a mark"),
        pytest.param("Déjà vu".encode(), "Déjà vu", id="utf-8"),
        pytest.param(GERMAN.encode("latin-1"), GERMAN, id="latin-1 without a label"),
        pytest.param(JAPANESE.encode("shift_jis"), JAPANESE, id="shift_jis without a label"),
        pytest.param(b"two\r\nlines\rand more", "two\nlines\nand more", id="line ends"),
    ],
)
def test_text_of_every_encoding(data: bytes, text: str) -> None:
    assert text_of(data, page_of(data).charset) == text


@pytest.mark.parametrize(
    ("label", "body", "encoding"),
    [
        pytest.param("utf-8", CURLY, "cp1252", id="windows-1252 declared as utf-8"),
        pytest.param("iso-8859-1", CURLY, "cp1252", id="windows-1252 declared as latin-1"),
        pytest.param("iso-8859-1", CURLY, "utf-8", id="utf-8 declared as latin-1"),
        pytest.param("shift_jis", f"<p>{JAPANESE}</p>", "shift_jis", id="shift_jis"),
        pytest.param("utf-8", f"<p>{JAPANESE}</p>", "shift_jis", id="shift_jis declared as utf-8"),
        pytest.param("klingon", "<p>café au lait, naïve</p>", "latin-1", id="unknown label"),
        pytest.param("zlib", "<p>café au lait, naïve</p>", "latin-1", id="label of a codec that yields no text"),
    ],
)
def test_the_bytes_decide_not_the_label(label: str, body: str, encoding: str) -> None:
    data = labelled(label, body, encoding)
    assert body in text_of(data, page_of(data).charset)


@pytest.mark.parametrize(
    ("data", "beginning"),
    [
        pytest.param("Das Gespräch war über".encode() + "ü".encode()[:1], "Das Gespräch war über", id="among others"),
        pytest.param("plain and then €".encode()[:-1], "plain and then ", id="the only one"),
    ],
)
def test_a_character_cut_off_at_the_end_leaves_the_page_utf8(data: bytes, beginning: str) -> None:
    page = page_of(data)
    assert page.charset == "utf-8"
    assert text_of(data, page.charset) == beginning + "\ufffd"


def test_nuls_become_replacement_characters() -> None:
    data = b"A text with one \0 inside that is otherwise quite ordinary and long enough."
    assert "one \ufffd inside" in text_of(data, page_of(data).charset)


@pytest.mark.parametrize(
    ("data", "code", "detail"),
    [
        pytest.param(b"", "format.empty", "no bytes", id="empty"),
        pytest.param(b" \n\t\r\n", "format.empty", "white space", id="white space"),
        pytest.param(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "format.binary", "PNG", id="png"),
        pytest.param(b"%PDF-1.7\n1 0 obj", "format.binary", "PDF", id="pdf"),
        pytest.param(gzip.compress(b"hello"), "format.binary", "gzip", id="gzip"),
        pytest.param(b"PK\x03\x04\x14\0", "format.binary", "zip", id="zip"),
        pytest.param(zlib.compress(bytes(range(256)) * 40), "format.binary", "not text", id="noise"),
    ],
)
def test_what_is_no_page_says_why_and_keeps_its_bytes(data: bytes, code: str, detail: str) -> None:
    refusal = refusal_of(data)
    assert (refusal.stage, refusal.code, refusal.payload) == ("format", code, data)
    assert detail in refusal.detail
    assert refusal.page_id is None


def test_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formats, "MAX_BYTES", 10)
    assert refusal_of(b"eleven byte").code == "format.too_large"
    assert page_of(b"ten bytes.").bytes == 10


def test_a_text_file_may_speak_of_tags() -> None:
    data = b"In HTML <p> opens a paragraph, </p> closes it, <b>bold</b> is bold and <i>so</i>."
    assert page_of(data, uri="notes.txt").format == "text"
    assert page_of(data, uri="notes", media_type="text/plain; charset=utf-8").format == "text"


@pytest.mark.parametrize(
    ("data", "uri", "media_type"),
    [
        pytest.param(b"<div><p>Hello</p><p>World</p></div>", "-", None, id="tags without a name"),
        pytest.param(b"<!doctype html><p>Hello", "page.txt", None, id="a document with the wrong suffix"),
        pytest.param(b"<!doctype html><p>Hello", "page", "text/plain", id="a document with the wrong media type"),
        pytest.param(b"<?xml version='1.0'?><!-- made by hand --><html><p>Hello", "page", None, id="behind a comment"),
        pytest.param("<!doctype html><p>Hello".encode("utf-16-le"), "page", None, id="utf-16"),
        pytest.param(b"Hello", "page.html", None, id="suffix"),
        pytest.param(b"Hello", "page.txt", "text/html; charset=utf-8", id="media type before suffix"),
    ],
)
def test_html(data: bytes, uri: str, media_type: str | None) -> None:
    assert page_of(data, uri=uri, media_type=media_type).format == "html"


@pytest.mark.parametrize(
    ("head", "url", "address", "host"),
    [
        ('<link rel="canonical" href="https://WWW.Example.org/a?b=1&amp;c=2">', None, "https://WWW.Example.org/a?b=1&c=2", "example.org"),
        ('<meta property="og:url" content="https://example.org/b">', None, "https://example.org/b", "example.org"),
        ('<link rel="canonical" href="https://example.org/b">', "http://given.example/x", "http://given.example/x", "given.example"),
        ('<link rel="canonical" href="/relative">', None, None, None),
        ('<link rel="canonical" href="https://[malformed/b">', None, "https://[malformed/b", None),
    ],
)  # fmt: skip
def test_address(head: str, url: str | None, address: str | None, host: str | None) -> None:
    page = page_of(f"<html><head>{head}</head><p>Hello".encode(), url=url)
    assert (page.url, page.host) == (address, host)


def test_the_page_is_identified_by_its_bytes_and_the_address_it_was_given() -> None:
    data = b'<html><link rel="canonical" href="https://example.org/b"><p>Hello'
    assert page_of(data).page_id == uuid_of(data, "")
    assert page_of(data, url="https://example.org/b").page_id == uuid_of(data, "https://example.org/b")


def test_host() -> None:
    assert host_of("https://www.Example.org:8080/x") == "example.org"
    assert host_of("no address") is None
    assert host_of(None) is None


def test_every_format_has_an_input_that_it_recognises(seeds: Path) -> None:
    examples = {"html": b"<!doctype html><title>Hello</title>", "text": b"Hello"}
    recognised: set[str] = {page_of(data).format for data in examples.values()}
    recognised |= {page_of(path.read_bytes(), uri=path.name).format for path in seeds.glob("*.txt")}
    saved = (b"HTTP/1.1 200 OK\r\n\r\n" + examples["html"], mhtml("<p>Hello", url="https://example.org/a"))
    recognised |= {name for name, module in formats.formats().items() if any(map(module.recognised, saved))}
    assert recognised == set(formats.formats())


def test_what_was_encoded_twice_is_read_once() -> None:
    spoilt = "“It’s late,” she said\u00a0– naïve".encode().decode("latin-1").encode()

    assert text_of(spoilt, "utf-8") == "“It’s late,” she said\u00a0– naïve"
    assert text_of("à\u00a0«\u00a0Ça va ? » Ã is a letter".encode(), "utf-8") == "à\u00a0«\u00a0Ça va ? » Ã is a letter"


def test_a_saved_page_is_the_page_in_it() -> None:
    html = "<!doctype html><html><body><p class=x>“Hello,” said Ann.</p></body></html>"
    page = page_of(mhtml(html, url="https://example.org/a?b=c"), uri="saved.mhtml")

    assert (page.format, page.url, page.fetched_at) == (
        "html",
        "https://example.org/a?b=c",
        datetime(2024, 3, 4, 5, 6, 7, tzinfo=UTC),
    )
    assert text_of(page.data, page.charset).strip() == html


def test_a_saved_page_without_html_says_so() -> None:
    data = mhtml("x", url="https://example.org/").replace(b"Content-Type: text/html", b"Content-Type: text/css")

    assert refusal_of(data).code == "format.no_html"
