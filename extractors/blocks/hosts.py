"""What a site repeats: lines that stand on other pages of the same host, as a feature of the blocks.

Where a site gives many pages this says more than any text: of the menus, teasers and notices around articles nearly
every line comes again, of the articles hardly one.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

import numpy as np

from extractors.blocks.document import Document
from extractors.blocks.textstats import Floats
from extractors.records import text_hash_of


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteMemory:
    """Pages of one host: how many are known, and on how many of them each line (its hash) stands."""

    pages: int
    counts: Mapping[UUID, int]

    def shares_of(self, document: Document, *, counted: bool = False) -> Floats:
        """For each block the share of the host's other pages that hold its line, 0 to 1; `counted` says that the page
        itself is among those known.

        One page more counts as not holding it, so that a line on the only other page known gets no more than .5.
        """
        found = (self.counts.get(text_hash_of(text), int(counted)) - counted for text in document.lines.texts)
        return np.fromiter(found, float, len(document.blocks)) / (self.pages + 1 - counted)


def line_hashes(documents: Iterable[Document]) -> frozenset[UUID]:
    """The hashes of all lines of a page."""
    return frozenset(text_hash_of(text) for document in documents for text in document.lines.texts)


def memory_of(pages: Iterable[Iterable[Document]], known: SiteMemory | None = None) -> SiteMemory:
    """What pages of one host repeat, those already `known` included."""
    counts: Counter[UUID] = Counter()
    number = 0
    for documents in pages:
        counts.update(line_hashes(documents))
        number += 1
    if known is None:
        return SiteMemory(pages=number, counts=counts)
    counts.update(known.counts)
    return SiteMemory(pages=number + known.pages, counts=counts)
