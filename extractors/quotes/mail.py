"""Words of an earlier message that an answer quotes: lines behind ">"."""

import re
from collections.abc import Sequence

from extractors.quotes.passages import Passage

QUOTED = re.compile(r"\s{0,4}>+ (?=\S)")
MIN_WORDS = 3  # fewer behind a ">" are a step of a path through a site ("> Home")
WROTE = re.compile(
    r"(?:^|[,\s])(?P<np>[^\W\d_a-z][\w.’'-]*(?: [^\W\d_a-z][\w.’'-]*){0,3})\s*(?:<[^<>]{3,80}>|\([^()]{3,80}\))?"
    r"\s+(?:wrote|writes|schrieb|a écrit|escribió)\s?:\s*$"
)


def quoted_lines(passages: Sequence[Passage]) -> dict[int, tuple[tuple[int, int], ...]]:
    """Number of the first of neighbouring passages behind ">" → the quoted parts of them all, as places of the body."""
    found: dict[int, tuple[tuple[int, int], ...]] = {}
    first = last = -2
    for number, passage in enumerate(passages):
        match = QUOTED.match(passage.text)
        if not match or passage.heading or " > " in passage.text[match.end() :]:
            continue
        part = (passage.start + match.end(), passage.stop)
        if number == last + 1:
            found[first] += (part,)
        elif len(passage.text.split()) > MIN_WORDS:
            first = number
            found[first] = (part,)
        else:
            continue
        last = number
    return found


def writer_above(passages: Sequence[Passage], number: int) -> str | None:
    """Whom the passage before introduces: `On 3 May Ann Lee <ann@example.org> wrote:`"""
    match = WROTE.search(passages[number - 1].text[-300:]) if number else None
    return match["np"] if match else None
