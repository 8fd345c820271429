"""What the facts of an article are read from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from extractors.articles.split import Run
from extractors.articles.structured import Claims, json_ld_claims, meta_claims
from extractors.articles.work import Works
from extractors.blocks.document import Document
from extractors.records import Block, Page

HEAD_LINES = 16  # lines before the body that can belong to it
FOOT_LINES = 6


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """One run and all that may say something about it; `alone` says that its document holds no other article."""

    page: Page
    blocks: Sequence[Block]
    run: Run
    document: Document
    repeats: Mapping[str, int]
    works: Works
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
