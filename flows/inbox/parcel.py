"""A page on its way into the inbox: written as it comes in, out of sight, and there by one rename."""

import os
import time
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit
from uuid import UUID, uuid4

from extractors.formats.message import head_of
from extractors.records import uuid_of

HALF_MADE = ".incoming"  # hidden: no watch looks into it
FORGOTTEN = 3_600.0  # seconds after which half a page is nobody's any more: its process was killed
LONGEST_ADDRESS = 2_000  # characters
SUFFIX = ".http"


class Refusal(Exception):  # noqa: N818 - it is the answer to a request
    """Why a request is not granted: an HTTP status, a stable code and a line of plain words."""

    def __init__(self, status: int, code: str, detail: str) -> None:
        super().__init__(f"{status} {code}: {detail}")
        self.status, self.code, self.detail = status, code, detail


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much one page, and all pages of one post, may be."""

    page_bytes: int
    post_bytes: int
    post_pages: int


@dataclass(slots=True, kw_only=True)
class Parcel:
    """One page that is being received; ends with `landed` or `dropped`."""

    inbox: Path
    url: str | None
    limits: Limits
    size: int = 0
    _head: bytes = b""
    _path: Path = field(init=False)
    _file: IO[bytes] = field(init=False)

    def begin(self, *, media_type: str | None, now: datetime) -> None:
        """Open the file and write the head."""
        self._head = head_of(url=self.url, media_type=media_type, obtained=now)
        self._path = self.inbox / HALF_MADE / f"{uuid4()}.tmp"
        self._path.parent.mkdir(exist_ok=True)
        self._file = self._path.open("wb")
        self._file.write(self._head)

    def write(self, data: bytes) -> None:
        """More of the body; Refusal 413 if it gets too large."""
        self.size += len(data)
        if self.size > self.limits.page_bytes:
            raise Refusal(413, "page.too_large", f"a page has at most {self.limits.page_bytes:,} bytes")
        self._file.write(data)

    def landed(self) -> UUID:
        """The id of the page, which lies in the inbox now and outlasts a power cut. Blocks."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        page_id = uuid_of(self._path.read_bytes()[len(self._head) :], self.url or "")
        target = place_of(page_id, self.inbox)
        target.parent.mkdir(exist_ok=True)
        if target.exists():
            self._path.unlink()
        else:
            self._path.replace(target)
        return page_id

    def dropped(self) -> None:
        """Nothing is left of it."""
        self._file.close()
        self._path.unlink(missing_ok=True)


def place_of(page_id: UUID, inbox: Path) -> Path:
    """Where a page lies; nothing of a request but its hash is in the name."""
    return inbox / page_id.hex[:2] / f"{page_id}{SUFFIX}"


def address_of(text: str | None) -> str | None:
    """The address as it may be stored; Refusal 422 if it is none. Nothing stands for no address."""
    if not text:
        return None
    try:
        parts = urlsplit(text)
        sound = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        sound = False
    if not sound or len(text) > LONGEST_ADDRESS or not text.isprintable() or " " in text:
        raise Refusal(422, "page.address", f"no http or https address of at most {LONGEST_ADDRESS:,} characters")
    return text


def tidy(inbox: Path) -> None:
    """Remove half-made pages of processes that were killed."""
    for path in (inbox / HALF_MADE).glob("*.tmp"):
        if time.time() - path.stat().st_mtime > FORGOTTEN:
            path.unlink(missing_ok=True)
