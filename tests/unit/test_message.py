"""HTTP responses as they were saved: the body is the page, the head tells where and when it was obtained."""

from datetime import UTC, datetime

import pytest

from extractors.formats import pages_in
from extractors.formats.message import head_of
from extractors.records import Page, Rejected, uuid_of

BODY = b"<!doctype html><p>words</p>"
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def only(data: bytes) -> Page | Rejected:
    (found,) = pages_in(data, uri="x.http")
    return found


def test_what_is_written_is_read() -> None:
    page = only(head_of(url="https://example.com/ä?x=1", media_type="text/html", obtained=NOON) + BODY)

    assert isinstance(page, Page)
    assert (page.data, page.url, page.fetched_at, page.format) == (BODY, "https://example.com/ä?x=1", NOON, "html")
    assert page.page_id == uuid_of(BODY, "https://example.com/ä?x=1")


def test_response_of_another_program_is_read() -> None:
    page = only(b"HTTP/1.1 200 OK\nserver: x\nCONTENT-TYPE: text/plain; charset=utf-8\n\n\xff\xfea\0b\0c\0")

    assert isinstance(page, Page)
    assert (page.data, page.url, page.fetched_at, page.format) == (b"\xff\xfea\0b\0c\0", None, None, "text")


@pytest.mark.parametrize("line", [b"Content-Location: /relative", b"Content-Location: https://[", b"Date: yesterday"])
def test_head_that_tells_nothing_of_use_does_no_harm(line: bytes) -> None:
    page = only(b"HTTP/1.1 200 OK\r\n" + line + b"\r\n\r\n" + BODY)

    assert isinstance(page, Page)
    assert (page.data, page.url, page.fetched_at) == (BODY, None, None)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"HTTP/1.1 200 OK\r\n\r\n", "format.empty"),
        (b"HTTP/1.1 200 OK\r\n\r\n\x89PNG", "format.binary"),
        (b"HTTP/1.1 200 OK\r\n\r\n" * 50_000, "format.nested"),
    ],
)
def test_body_that_is_no_page_is_refused(data: bytes, code: str) -> None:
    found = only(data)

    assert isinstance(found, Rejected)
    assert found.code == code


def test_text_that_begins_like_a_response_is_a_text() -> None:
    page = only(b"HTTP/1.1 is a protocol, and this is an article about it.")

    assert isinstance(page, Page)
    assert page.format == "text"
