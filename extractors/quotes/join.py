"""Spans of a page, and which of them are one quote: split by an attribution, or left open over paragraphs."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from extractors.quotes import clauses
from extractors.quotes.chunks import Chunker
from extractors.quotes.passages import Passage
from extractors.quotes.scan import Span, continues, spans_in

MAX_GAP = 200  # characters of an attribution between two pieces of a quote
TAIL = r"(?:[NRPOtAImDxsh(),]|\.(?=[NRx]))*"  # what may follow the verb: whom, when, where, how
SAID = re.compile(
    rf"^[,.-]*(?:[Ah]*CA?[xt]{{0,3}}-?{clauses.NP}(?!A*C)|[SA]*,?(?:x{{0,3}}){clauses.SUBJECT}C)(?P<tail>{TAIL}(?:,?G{TAIL})?)[,.;-]*$"
)
MAX_NICKNAME = 20
NAME_BEFORE, NAME_AFTER = re.compile(r"\b[A-Z][a-zà-ÿ]+ $"), re.compile(r" [A-Z][a-zà-ÿ]+")
MAX_TAIL = 14  # chunks of it
BROKEN_OFF = re.compile(r"^\s*[—–-]+[^.!?]{2,120}?[—–-]+\s*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A span with its passage: body[start:stop] are the quoted words."""

    passage: int
    span: Span
    start: int
    stop: int


def placed_spans(passages: Sequence[Passage], skip: Collection[int] = ()) -> list[Placed]:
    """All spans with a word inside, in page order; none in headings, nor in passages that start at `skip`."""
    found: list[Placed] = []
    for number, passage in enumerate(passages):
        if passage.heading or passage.start in skip:
            continue
        for span in spans_in(passage.text):
            if any(map(str.isalnum, passage.text[span.start : span.stop])) and not _nickname(passage.text, span):
                start, stop = _trimmed(passage.text, span)
                found.append(Placed(passage=number, span=span, start=passage.start + start, stop=passage.start + stop))
    return found


def _nickname(text: str, span: Span) -> bool:
    """`Marcus “Shorty” Bell`: a word between the parts of a name belongs to the name."""
    return (
        span.stop - span.start <= MAX_NICKNAME
        and text[span.start : span.stop].isalpha()
        and text[span.start].isupper()
        and NAME_BEFORE.search(text[max(0, span.opens - 30) : span.opens]) is not None
        and NAME_AFTER.match(text[span.ends : span.ends + 30]) is not None
    )


def _trimmed(text: str, span: Span) -> tuple[int, int]:
    piece = text[span.start : span.stop]
    start = span.start + len(piece) - len(piece.lstrip())
    return start, start + len(piece.strip())


def masked(passages: Sequence[Passage], placed: Sequence[Placed]) -> list[str]:
    """The texts with quoted words blanked out by NUL, their marks kept, and a full stop where a quote ends a sentence."""
    spans: dict[int, list[Span]] = {}
    for item in placed:
        spans.setdefault(item.passage, []).append(item.span)
    return [_masked(passage.text, spans.get(number, ())) for number, passage in enumerate(passages)]


def _masked(text: str, spans: Sequence[Span]) -> str:
    pieces: list[str] = []
    place = 0
    for span in spans:
        pieces.append(text[place : span.start])
        inner = "\0" * (span.stop - span.start)
        if inner and text[span.stop - 1] in ".!?…" and not text[span.ends : span.ends + 2].strip()[:1].islower():
            inner = inner[:-1] + "."
        pieces.append(inner)
        place = span.stop
    return "".join((*pieces, text[place:]))


def joined(placed: Sequence[Placed], index: int, passages: Sequence[Passage], chunker: Chunker) -> tuple[Placed, ...]:
    """The pieces that are one quote with placed[index]."""
    group = [placed[index]]
    attributed = False
    for number in range(index + 1, len(placed)):
        follower, last = placed[number], group[-1]
        passage = passages[last.passage]
        if follower.passage == last.passage:
            gap = passage.text[last.span.ends : follower.span.opens]
            ended = (
                passage.text[last.span.stop - 1] in ".!?…" and gap.strip()[:1].isupper() and gap.rstrip().endswith(",")
            )
            if attributed or ended or not _splits(gap, chunker) or _own_cue(placed, number, passage, chunker):
                break
            attributed = True
            group.append(follower)
        elif _goes_on(last, follower, passages):
            group.append(follower)
        else:
            break
    return tuple(group)


def _goes_on(last: Placed, follower: Placed, passages: Sequence[Passage]) -> bool:
    """Was the quote left open at the end of its paragraph, and does the next one begin with a mark?"""
    if follower.passage != last.passage + 1 or last.span.closed:
        return False
    passage = passages[follower.passage]
    return continues(passage.text[:80], last.span.mark) and passage.begins_at(follower.span.opens)


def _splits(gap: str, chunker: Chunker) -> bool:
    """Is the text between two spans an attribution and nothing else?"""
    if not gap.strip() or len(gap) > MAX_GAP:
        return False
    if BROKEN_OFF.match(gap):
        return True
    match = SAID.match(chunker(gap).codes)
    return match is not None and len(match["tail"]) <= MAX_TAIL


def _own_cue(placed: Sequence[Placed], number: int, passage: Passage, chunker: Chunker) -> bool:
    """Does an attribution of its own follow, so that it is not the rest of the quote before?"""
    span = placed[number].span
    following = placed[number + 1] if number + 1 < len(placed) else None
    stop = following.span.opens if following and following.passage == placed[number].passage else len(passage.text)
    after = passage.text[span.ends : min(stop, span.ends + MAX_GAP)]
    if not after.strip(" .,"):
        return False
    chunks = chunker(after)
    tail = chunks.cut(0, chunks.codes.find(".") if "." in chunks.codes else None)
    ended = passage.text[span.stop - 1 : span.stop] in ".!?…" and after.lstrip()[:1].isupper()
    return clauses.inverted(tail) is not None or (not ended and clauses.cue_after(tail) is not None)
