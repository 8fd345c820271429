"""Mottoes before an article, which a later paragraph calls "the two Lee quotations above"."""

import re
from collections.abc import Sequence

from extractors.quotes.names import CAP
from extractors.quotes.passages import Passage

COUNTS = {"two": 2, "three": 3, "four": 4, "five": 5}
MAX_EPIGRAPHS = 6  # passages at the beginning among which epigraphs stand
ABOVE = re.compile(
    r"\b(?:[Tt]he|[Tt]hese|[Bb]oth)\s+(?:(?P<count>two|three|four|five)\s+)?"
    rf"(?P<np>{CAP}(?: {CAP}){{0,4}})\s+(?:quotations?|quotes?|epigraphs?|passages?) above\b"
)


def epigraphs(passages: Sequence[Passage]) -> dict[int, str]:
    """The passages that are mottoes: where the passage starts → the name."""
    for number, passage in enumerate(passages[1:MAX_EPIGRAPHS], 1):
        match = ABOVE.search(passage.text[:2000]) if " above" in passage.text else None
        if match:
            count = min(number, COUNTS.get(match["count"] or "", 1))
            return dict.fromkeys((before.start for before in passages[number - count : number]), match["np"])
    return {}
