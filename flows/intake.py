"""Inputs → batches of pages, without those that an earlier run has dealt with."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from extractors.formats.archives import Found
from extractors.formats.members import COLUMNS, SKIP, Columns
from extractors.records import Page, Rejected
from flows.opened import Opened, opened_inputs
from flows.settings import BATCH_PAGES
from flows.sources import Met, ReadFailedError, Source, file_source, unreadable

GIVEN_UP_STAGE = "watch"
BATCH_BYTES = 8_000_000  # a worker that takes them in needs some 20 times as much
BATCH_REMARKS = 5_000  # records of an archive that hold no page

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

    sources == unchanged + refused + duplicates + len(pages), always; `skipped` are parts of archives that are no
    documents, and no part of this sum.
    """

    pages: tuple[Page, ...]
    inputs: tuple[Input, ...]
    rejected: tuple[Rejected, ...]
    skipped: tuple[Rejected, ...] = ()
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
        for opened in opened_inputs([source]):
            data = opened.data if isinstance(opened, Opened) else None
            rejected.append(
                Rejected(
                    stage=GIVEN_UP_STAGE, code="watch.given_up", detail=reason, uri=source.uri, payload=data or b""
                )
            )
            if isinstance(opened, Opened):
                inputs.append(Input(uri=source.uri, sha256=opened.sha256, page_ids=()))
    return Batch(pages=(), inputs=tuple(inputs), rejected=tuple(rejected), unchanged=0, duplicates=0)


def batches_of(
    sources: Iterable[Source | Met | Rejected], *, known: Known, columns: Columns = COLUMNS, stays: bool = False
) -> Iterator[Batch]:
    """The sources in batches of about BATCH_PAGES documents and BATCH_BYTES; `known` says which are dealt with.

    Lazy: a batch is read when it is asked for, and of an archive no more than that. The same page met again in this run
    is a duplicate, not a page. `stays` says that archives will be found where they are.
    """
    draft = _Draft()
    for group in _groups(opened_inputs(sources)):
        asked = [item.place for item in group if isinstance(item, Opened)]
        dealt_with = known(asked) if asked else {}
        for item in group:
            if isinstance(item, Rejected):
                draft.take([item])
            elif isinstance(item, Met) or (item.place in dealt_with and dealt_with[item.place] is None):
                draft.unchanged += 1
            else:
                start = dealt_with.get(item.place) or 0
                yield from _read(item, draft, item.found(start=start, columns=columns, stays=stays), start)
        if draft.is_full:
            yield draft.batch()
    if not draft.is_empty:
        yield draft.batch()


def _read(opened: Opened, draft: "_Draft", coming: Iterable[Found], start: int) -> Iterator[Batch]:
    """The batches that an archive fills; what is left of it, or a page, waits in the draft for the next one."""
    position = start
    try:
        for found in coming:
            if draft.is_full and opened.data is None:  # not before: the last batch shall have a part of the archive
                draft.end_input(opened, position)
                yield draft.batch()
            draft.take(found.items)
            position = found.position
        draft.end_input(opened, None)
    except ReadFailedError as error:
        draft.take([unreadable(opened.source.uri, error)])
        draft.end_input(opened, position)


def _groups(items: Iterable[Opened | Met | Rejected]) -> Iterator[list[Opened | Met | Rejected]]:
    """Inputs about which the ledger is asked at once: as many as a batch has, and an archive alone while it is open."""
    group: list[Opened | Met | Rejected] = []
    size = 0
    for item in items:
        if isinstance(item, Opened) and item.data is None:
            if group:
                yield group
            yield [item]
            group, size = [], 0
            continue
        group.append(item)
        size += len(item.data or b"") if isinstance(item, Opened) else 0
        if len(group) >= BATCH_PAGES or size >= BATCH_BYTES:
            yield group
            group, size = [], 0
    if group:
        yield group


@dataclass(slots=True)
class _Draft:
    """A batch that is being gathered; `met` are the pages of the whole run, `page_ids` those of the input at hand."""

    met: set[UUID] = field(default_factory=set)
    page_ids: list[UUID] = field(default_factory=list)
    pages: list[Page] = field(default_factory=list)
    inputs: list[Input] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    skipped: list[Rejected] = field(default_factory=list)
    unchanged: int = 0
    duplicates: int = 0
    size: int = 0

    def take(self, items: Iterable[Page | Rejected]) -> None:
        """Add what was found."""
        for item in items:
            if isinstance(item, Page):
                self._take_page(item)
            elif item.stage == SKIP:
                self.skipped.append(item)
            else:
                self.rejected.append(item)
                self.size += len(item.payload)

    def _take_page(self, page: Page) -> None:
        self.page_ids.append(page.page_id)
        if page.page_id in self.met:
            self.duplicates += 1
            return
        self.met.add(page.page_id)
        self.pages.append(page)
        self.size += page.bytes

    def end_input(self, opened: Opened, position: int | None) -> None:
        """The input was read up to the position; None: to its end."""
        uri, sha256 = opened.place
        self.inputs.append(Input(uri=uri, sha256=sha256, page_ids=tuple(self.page_ids), position=position))
        self.page_ids = []

    @property
    def is_empty(self) -> bool:
        """Whether nothing was met."""
        return not (self.inputs or self.rejected or self.unchanged)

    @property
    def is_full(self) -> bool:
        """Whether it is as large as a batch may be; remarks are small, and archives have many."""
        documents = len(self.pages) + len(self.rejected) + self.duplicates + self.unchanged
        return documents >= BATCH_PAGES or len(self.skipped) >= BATCH_REMARKS or self.size >= BATCH_BYTES

    def batch(self) -> Batch:
        """What was gathered; afterwards the draft is empty."""
        batch = Batch(
            pages=tuple(self.pages),
            inputs=tuple(self.inputs),
            rejected=tuple(self.rejected),
            skipped=tuple(self.skipped),
            unchanged=self.unchanged,
            duplicates=self.duplicates,
        )
        self.pages, self.inputs, self.rejected, self.skipped = [], [], [], []
        self.unchanged = self.duplicates = self.size = 0
        return batch
