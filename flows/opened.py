"""Sources → what they hold, a page or an archive of pages, and what the ledger knows them by."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BufferedReader

from extractors.formats import pages_in
from extractors.formats.archives import HEAD_BYTES, Found, found_in, is_archive
from extractors.formats.members import COLUMNS, Columns
from extractors.records import Page, Rejected
from flows.sources import Met, ReadFailedError, Source, steady, unreadable, whole


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """An input that is being read: a page with its bytes, or an archive (`data` is None) with the open file."""

    source: Source
    sha256: str
    data: bytes | None
    file: BufferedReader

    @property
    def place(self) -> tuple[str, str]:
        """What the ledger knows it by."""
        return self.source.uri, self.sha256

    def found(self, *, start: int = 0, columns: Columns = COLUMNS, stays: bool = False) -> Iterator[Found]:
        """What it holds, of an archive from the position `start` on; ReadFailedError if the file cannot be read on.

        `stays` says that an archive will be found where it is: its own records are the captures of its pages then.
        """
        if self.data is None:
            kept_at = str(self.source.path.absolute()) if stays and self.source.path else None
            yield from found_in(self.file, uri=self.source.uri, start=start, columns=columns, kept_at=kept_at)
        else:
            yield Found(items=tuple(pages_of(self.source, self.data)), position=len(self.data))


def pages_of(source: Source, data: bytes) -> Iterator[Page | Rejected]:
    """The pages in the bytes of a source, with what its server said of it."""
    return pages_in(data, uri=source.uri, url=source.url, fetched_at=source.fetched_at, media_type=source.media_type)


def opened_inputs(sources: Iterable[Source | Met | Rejected]) -> Iterator[Opened | Met | Rejected]:
    """Each source, opened and identified, or why it cannot be; an archive is open until the next one is asked for."""
    for source in sources:
        if not isinstance(source, Source):
            yield source
            continue
        try:
            with source.opened() as file:
                yield _identified(source, steady(file))
        except (OSError, ReadFailedError) as error:
            yield unreadable(source.uri, error)


def _identified(source: Source, file: BufferedReader) -> Opened | Rejected:
    head = file.read(HEAD_BYTES)
    file.seek(0)
    if is_archive(head, source.uri):
        return Opened(source=source, sha256=hashlib.file_digest(file, "sha256").hexdigest(), data=None, file=file)
    data = whole(file, source)
    if isinstance(data, Rejected):
        return data
    return Opened(source=source, sha256=hashlib.sha256(data).hexdigest(), data=data, file=file)
