"""A request's body → the pages in it, as it streams in: raw, JSON Lines or multipart."""

import json
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from flows.inbox.parcel import Limits, Parcel, Refusal, address_of

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

JSON_LINES = frozenset({"application/x-ndjson", "application/jsonl", "application/json-lines"})
MULTIPART = "multipart/form-data"
RAW = frozenset({"", "text/html", "text/plain", "text/markdown", "application/xhtml+xml", "application/octet-stream"})


@dataclass(slots=True, kw_only=True)
class Post:
    """The pages of one post, all of them or none: they land together or are dropped together."""

    inbox: Path
    limits: Limits
    now: datetime
    parcels: list[Parcel] = field(default_factory=list)
    _size: int = 0

    def page(self, *, url: str | None, media_type: str | None) -> Parcel:
        """A new page; Refusal 413 if there are too many."""
        if len(self.parcels) >= self.limits.post_pages:
            raise Refusal(413, "post.too_many", f"a post has at most {self.limits.post_pages:,} pages")
        parcel = Parcel(inbox=self.inbox, url=address_of(url), limits=self.limits)
        parcel.begin(media_type=media_type, now=self.now)
        self.parcels.append(parcel)
        return parcel

    async def counted(self, stream: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        """The stream as it is; Refusal 413 when it gets too long."""
        async for chunk in stream:
            self._size += len(chunk)
            if self._size > self.limits.post_bytes:
                raise Refusal(413, "post.too_large", f"a post has at most {self.limits.post_bytes:,} bytes")
            yield chunk

    def landed(self) -> list[UUID]:
        """The ids, in the order of the pages; Refusal 422 if a page, or the post, is empty. Blocks."""
        if not self.parcels or not all(parcel.size for parcel in self.parcels):
            raise Refusal(422, "page.empty", "there is no page, or one without a byte")
        return [self.parcels.pop(0).landed() for _ in range(len(self.parcels))]

    def dropped(self) -> None:
        """Nothing is left of what has not landed."""
        for parcel in self.parcels:
            parcel.dropped()


async def receive(post: Post, stream: AsyncIterator[bytes], headers: Mapping[str, str]) -> None:
    """Read all pages of a body into the post. Refusal if it is not what it says it is."""
    content_type = headers.get("content-type", "")
    media_type = content_type.partition(";")[0].strip().lower()
    chunks = post.counted(stream)
    if media_type == MULTIPART:
        await _multipart(post, chunks, content_type)
    elif media_type in JSON_LINES:
        await _json_lines(post, chunks)
    elif media_type in RAW:
        parcel = post.page(url=headers.get("x-page-url"), media_type=media_type or None)
        async for chunk in chunks:
            parcel.write(chunk)
    else:
        raise Refusal(
            415, "post.type", "a page is text/html, text/plain, application/xhtml+xml or application/octet-stream"
        )


async def _json_lines(post: Post, chunks: AsyncIterator[bytes]) -> None:
    waiting = bytearray()
    async for chunk in chunks:
        waiting += chunk
        if b"\n" in chunk:
            *lines, rest = waiting.split(b"\n")
            for line in lines:
                _line(post, bytes(line))
            waiting = bytearray(rest)
        if len(waiting) > post.limits.page_bytes:
            raise Refusal(413, "page.too_large", f"a page has at most {post.limits.page_bytes:,} bytes")
    _line(post, bytes(waiting))


def _line(post: Post, line: bytes) -> None:
    if not line.strip():
        return
    try:
        value = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise Refusal(422, "post.json", f"line {len(post.parcels) + 1} is no JSON") from error
    if not isinstance(value, dict) or not value.keys() <= {"url", "content", "media_type"}:
        raise Refusal(422, "post.json", "a line is an object with content, and perhaps url and media_type")
    content, url, media_type = value.get("content"), value.get("url"), value.get("media_type")
    if not isinstance(content, str) or not isinstance(url, str | None) or media_type not in {None, *RAW}:
        raise Refusal(422, "post.json", "content and url are text, media_type is that of a page")
    post.page(url=url, media_type=media_type).write(content.encode("utf-8", "replace"))


async def _multipart(post: Post, chunks: AsyncIterator[bytes], content_type: str) -> None:
    boundary = parse_options_header(content_type)[1].get(b"boundary")
    if not boundary:
        raise Refusal(422, "post.multipart", "the multipart body names no boundary")
    parts = _Parts(post=post)
    with _refused():
        parser = MultipartParser(boundary, parts.callbacks())
        async for chunk in chunks:
            parser.write(chunk)
        parser.finalize()
    if not parts.ended:
        raise Refusal(422, "post.multipart", "the multipart body does not end")


@contextmanager
def _refused() -> Iterator[None]:
    try:
        yield
    except FormParserError as error:
        raise Refusal(422, "post.multipart", "the multipart body is malformed") from error


@dataclass(slots=True, kw_only=True)
class _Parts:
    """The parser's calls, turned into pages; of a part's headers only X-Page-Url and Content-Type matter."""

    post: Post
    ended: bool = False
    _parcel: Parcel | None = None
    _field: bytearray = field(default_factory=bytearray)
    _value: bytearray = field(default_factory=bytearray)
    _headers: dict[str, str] = field(default_factory=dict)

    def callbacks(self) -> "MultipartCallbacks":
        return {
            "on_part_begin": self._headers.clear,
            "on_header_field": lambda data, start, end: self._field.extend(data[start:end]),
            "on_header_value": lambda data, start, end: self._value.extend(data[start:end]),
            "on_header_end": self._header,
            "on_headers_finished": self._page,
            "on_part_data": self._data,
            "on_end": self._end,
        }

    def _header(self) -> None:
        self._headers[self._field.decode("latin-1").strip().lower()] = self._value.decode("utf-8", "replace").strip()
        self._field.clear()
        self._value.clear()

    def _page(self) -> None:
        media_type = self._headers.get("content-type", "").partition(";")[0].strip().lower()
        if media_type not in RAW:
            raise Refusal(415, "post.type", "each part is a page: text/html, text/plain or application/octet-stream")
        self._parcel = self.post.page(url=self._headers.get("x-page-url"), media_type=media_type or None)

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._parcel:
            self._parcel.write(data[start:end])

    def _end(self) -> None:
        self.ended = True
