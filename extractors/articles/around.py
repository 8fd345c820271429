"""What the facts of an article are read from."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from extractors.articles.split import Run
from extractors.articles.structured import Claims, json_ld_claims, meta_claims
from extractors.blocks.document import Document, Mark
from extractors.records import Block, Page, WorkType

HEAD_LINES = 16  # lines before the body that can belong to it
FIRST_LINES = 8  # blocks behind a heading or at the beginning of a text among which a byline or date may stand
FOOT_LINES = 6
FAR_FOOT_LINES = 20  # lines behind the body among which a site says who wrote it


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """One run and all that may say something about it; `alone` says that its document holds no other article."""

    page: Page
    blocks: Sequence[Block]
    run: Run
    document: Document
    repeats: Mapping[str, int]
    works: Counter[tuple[str, int]]
    work_type: WorkType | None
    alone: bool
    today: date

    @cached_property
    def json_ld(self) -> Claims:
        """What the document's JSON-LD claims; nothing where several articles share the document."""
        return json_ld_claims(self.document.head) if self.alone else Claims()

    @cached_property
    def metas(self) -> Claims:
        """What its meta tags claim."""
        return meta_claims(self.document.head) if self.alone else Claims()

    @cached_property
    def head(self) -> tuple[int, ...]:
        """The positions shortly before the body."""
        return self.run.head[-HEAD_LINES:]

    @cached_property
    def near(self) -> tuple[Block, ...]:
        """The blocks where bylines and dates stand: behind the heading, before the body (nearest first), at the body's
        beginning, whether they are part of it or not, and behind it.
        """
        run, last = self.run, len(self.blocks)
        heading = next((i for i in reversed(run.head) if self.blocks[i].tag == "h1"), None)
        behind = range(heading + 1, min(heading + 1 + FIRST_LINES, last)) if heading is not None else range(0)
        first = range(run.body[0], min(run.body[0] + FIRST_LINES, run.body[-1] + 1))
        places = dict.fromkeys((*behind, *reversed(self.head), *first, *run.foot[:FOOT_LINES]))
        return tuple(self.blocks[i] for i in places)

    def marks(self, kind: str) -> list[Mark]:
        """The marked-up dates or authors that can belong to the run, those next to its beginning first."""
        run = self.run
        first = self.head[0] if self.head else run.body[0]
        last = run.foot[:FOOT_LINES][-1] if run.foot else run.body[-1]
        found = [mark for mark in self.document.marks if mark.kind == kind]
        inside = [mark for mark in found if first <= mark.position <= run.body[0] + FIRST_LINES]
        rest = [mark for mark in found if mark not in inside and (self.alone or first <= mark.position <= last)]
        return inside + rest
