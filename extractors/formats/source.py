"""One input before its format is known."""

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from extractors.formats.charset import charset_of
from extractors.records import Format, Page, Rejected, uuid_of

DIGITS = re.compile(r"\d{14}")  # the moment as archives have it in their addresses


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The bytes of one input and where they came from; it may hold one page or many. `charset` is what it is said to
    be in.
    """

    data: bytes
    uri: str
    url: str | None
    fetched_at: datetime | None
    charset: str | None = None

    def rejected(self, code: str, detail: str) -> Rejected:
        """The input as a refusal."""
        return Rejected(stage="format", code=code, detail=detail, uri=self.uri, payload=self.data)

    def page(self, form: Format, *, url: str | None = None) -> Page:
        """The input as one page; `url` is the address the page itself declares, used where nobody gave one."""
        address = self.url or url
        return Page(
            page_id=uuid_of(self.data, self.url or ""),
            uri=self.uri,
            url=address,
            host=host_of(address),
            format=form,
            charset=charset_of(self.data, self.charset),
            bytes=len(self.data),
            sha256=hashlib.sha256(self.data).hexdigest(),
            fetched_at=self.fetched_at,
            data=self.data,
        )


def host_of(url: str | None) -> str | None:
    """The lower-case host of an address without "www.", None where there is none or the address is malformed."""
    try:
        host = urlsplit(url or "").hostname
    except ValueError:
        return None
    return host.removeprefix("www.") if host else None


def address_of(text: str | None) -> str | None:
    """The text if it is an address on the web."""
    try:
        return text if text and urlsplit(text).scheme in {"http", "https"} and urlsplit(text).hostname else None
    except ValueError:
        return None


def moment_of(text: str | None) -> datetime | None:
    """The moment as HTTP (RFC 9110), ISO 8601 or an archive's fourteen digits write it; in UTC unless they say."""
    try:
        if not text:
            return None
        if DIGITS.fullmatch(text):
            text = f"{text[:8]}T{text[8:]}"
        moment = datetime.fromisoformat(text) if text[:1].isdigit() else parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
