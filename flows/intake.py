"""Inputs → batches of pages, without those that an earlier run has dealt with."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from extractors.formats import pages_in
from extractors.records import Page, Rejected
from flows.settings import BATCH_PAGES
from flows.sources import Met, Source, data_of, file_source

GIVEN_UP_STAGE = "watch"
BATCH_BYTES = 64_000_000  # what may lie in memory at once, however large the single pages are

# Those pairs (uri, sha256) that are dealt with, up to a position in them; None: to their end.
Known = Callable[[Sequence[tuple[str, str]]], Mapping[tuple[str, str], int | None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """One source that was read: `page_ids` are all its pages, also those that came in this run before.

    `position` is where to go on in an archive that was not read to its end, in the archive's own terms.
    """

    uri: str
    sha256: str
    page_ids: tuple[UUID, ...]
    position: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What was read together: the new pages, the inputs behind them, what was refused, and the inputs met before.

    sources == unchanged + refused + duplicates + len(pages), always; refused <= len(rejected).
    """

    pages: tuple[Page, ...]
    inputs: tuple[Input, ...]
    rejected: tuple[Rejected, ...]
    unchanged: int
    duplicates: int

    @property
    def refused(self) -> int:
        """Sources that gave no page."""
        return len(self.rejected)

    @property
    def sources(self) -> int:
        """Documents met, an input with several pages counted once for each."""
        return self.unchanged + self.refused + self.duplicates + len(self.pages)


EMPTY = Batch(pages=(), inputs=(), rejected=(), unchanged=0, duplicates=0)


def given_up_batch(given_up: Iterable[tuple[str, str]]) -> Batch:
    """Inputs that failed too often, refused for the reason beside each, with their bytes where they can be read."""
    inputs: list[Input] = []
    rejected: list[Rejected] = []
    for path, reason in given_up:
        source = file_source(Path(path))
        uri, data = source.uri, data_of(source)
        payload = data if isinstance(data, bytes) else b""
        rejected.append(Rejected(stage=GIVEN_UP_STAGE, code="watch.given_up", detail=reason, uri=uri, payload=payload))
        if isinstance(data, bytes):
            inputs.append(Input(uri=uri, sha256=hashlib.sha256(data).hexdigest(), page_ids=()))
    return Batch(pages=(), inputs=tuple(inputs), rejected=tuple(rejected), unchanged=0, duplicates=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    source: Source
    sha256: str
    data: bytes

    @property
    def place(self) -> tuple[str, str]:
        return self.source.uri, self.sha256


def batches_of(sources: Iterable[Source | Met | Rejected], *, known: Known) -> Iterator[Batch]:
    """The sources in batches of at most BATCH_PAGES inputs and about BATCH_BYTES; `known` says which are dealt with.

    Lazy: a batch is read when it is asked for. The same page met again in this run is a duplicate, not a page.
    """
    met: set[UUID] = set()
    for reads, refused, unchanged in _chunks(sources):
        dealt_with = known([read.place for read in reads]) if reads else {}
        new = [read for read in reads if read.place not in dealt_with]
        yield _batch_of(new, refused, unchanged + len(reads) - len(new), met)


def _batch_of(new: Sequence[_Read], refused: Sequence[Rejected], unchanged: int, met: set[UUID]) -> Batch:
    pages: list[Page] = []
    inputs: list[Input] = []
    rejected = list(refused)
    duplicates = 0
    for read in new:
        page_ids: list[UUID] = []
        for item in pages_of(read.source, read.data):
            if isinstance(item, Rejected):
                rejected.append(item)
                continue
            page_ids.append(item.page_id)
            if item.page_id in met:
                duplicates += 1
            else:
                met.add(item.page_id)
                pages.append(item)
        inputs.append(Input(uri=read.source.uri, sha256=read.sha256, page_ids=tuple(page_ids)))
    return Batch(
        pages=tuple(pages),
        inputs=tuple(inputs),
        rejected=tuple(rejected),
        unchanged=unchanged,
        duplicates=duplicates,
    )


def pages_of(source: Source, data: bytes) -> Iterator[Page | Rejected]:
    """The pages in the bytes of a source, with what its server said of it."""
    return pages_in(data, uri=source.uri, url=source.url, fetched_at=source.fetched_at, media_type=source.media_type)


def _chunks(sources: Iterable[Source | Met | Rejected]) -> Iterator[tuple[list[_Read], list[Rejected], int]]:
    reads: list[_Read] = []
    refused: list[Rejected] = []
    size = unchanged = 0
    for source in sources:
        if isinstance(source, Met):
            unchanged += 1
            continue
        data = source if isinstance(source, Rejected) else data_of(source)
        if isinstance(data, Rejected):
            refused.append(data)
        elif isinstance(source, Source):
            reads.append(_Read(source=source, sha256=hashlib.sha256(data).hexdigest(), data=data))
            size += len(data)
        if len(reads) + len(refused) >= BATCH_PAGES or size >= BATCH_BYTES:
            yield reads, refused, unchanged
            reads, refused, size, unchanged = [], [], 0, 0
    if reads or refused or unchanged:
        yield reads, refused, unchanged
