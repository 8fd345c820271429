"""One input before its format is known."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from extractors.formats.charset import charset_of
from extractors.records import Format, Page, Rejected, uuid_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The bytes of one input and where they came from; it may hold one page or many."""

    data: bytes
    uri: str
    url: str | None
    fetched_at: datetime | None

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
            charset=charset_of(self.data),
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
