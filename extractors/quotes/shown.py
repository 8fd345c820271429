"""Statements that stand in a body → quotes: who says those that name nobody, and which only repeat the text."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from extractors.quotes.attribute import RULES, Attribution
from extractors.quotes.join import Placed
from extractors.quotes.passages import Draft, NoQuote, Passage
from extractors.quotes.place import Shown
from extractors.quotes.prose import Found, Prose
from extractors.quotes.scan import Span, spans_in
from extractors.quotes.statements import SITE_RULES

REPEATING = frozenset(("pull_quote", "blockquote", "quote_card"))  # what sites set off a second time
MIN_REPEATED = 3  # words; fewer come again by chance
MAX_LOOKS = 1_000  # through the whole text, for statements whose first words come again
MIN_PARAGRAPH = 8  # spaces; a shorter paragraph may be a refrain
WORD = re.compile(r"\w+")
OPENING, CLOSING = '“"„«', '”"“»'
# Rules that need no verb of speech; `whoever_reported` goes by one that stands nearby.
UNCUED = frozenset(("no_speaker", *(name for name, _, cued, _ in RULES if not cued and name != "whoever_reported")))

Parts = list[tuple[int, int, int]]  # (number of a passage, start, stop) in its text


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The statements of a body with their parts, those that are none, and the numbers of the passages that hold no other
    quotes.
    """

    placed: tuple[tuple[Shown, Parts], ...]
    refused: tuple[NoQuote, ...]
    covered: frozenset[int]


def standing(shown: Sequence[Shown], passages: Sequence[Passage]) -> Standing:
    """The statements all of whose words stand in the passages, in page order."""
    numbers: dict[int, list[int]] = {}
    for number, passage in enumerate(passages):
        numbers.setdefault(passage.block, []).append(number)
    found = [(item, parts) for item in shown if (parts := _parts(item, passages, numbers))]
    repeats = _Repeats(found, passages)
    placed: list[tuple[Shown, Parts]] = []
    refused: list[NoQuote] = []
    covered: set[int] = set()
    for item, parts in found:
        if repeats.holds(item):
            whole = _spans(parts, passages)
            detail = "set off a second time: the text has these words"
            refused.append(NoQuote(start=whole[0][0], stop=whole[-1][1], code="quote.repeat", detail=detail))
            covered.update(number for number, _, _ in parts)
        else:
            placed.append((item, parts))
            covered |= _filled(item, parts, passages)
    if any(item.statement.rule.startswith(SITE_RULES) for item, _ in placed):
        covered = set(range(len(passages)))  # the site's module knows the whole page
    return Standing(placed=tuple(placed), refused=tuple(refused), covered=frozenset(covered))


def stated(stands: Standing, passages: Sequence[Passage], prose: Prose) -> list[Found]:
    """The statements as quotes, each with its speaker. Those that need a cue and have none are left to the prose."""
    places = {passage.start: number for number, passage in enumerate(prose.passages)}
    quotes: list[Found] = []
    for item, parts in stands.placed:
        statement = item.statement
        said, speaker = (None, None) if statement.speaker else _introduced(parts, passages, places, prose)
        if statement.cued and not (said and said.cued):
            continue
        draft = Draft(
            parts=tuple(_spans(parts, passages)),
            passage=parts[0][0],
            kind=statement.kind,
            rule=said.rule if said else statement.rule,
            written=said.written if said else statement.written,
            confidence=said.confidence if said else statement.confidence,
            directions=statement.directions,
            exchange=statement.exchange,
        )
        quotes.append((draft, _named(item, prose) if statement.speaker else speaker))
    return quotes


def told_again(passages: Sequence[Passage]) -> tuple[frozenset[int], list[NoQuote]]:
    """(where the passages begin that repeat an earlier one word by word, those of them with quotation marks)."""
    met: set[str] = set()
    again: set[int] = set()
    refused: list[NoQuote] = []
    for passage in passages:
        if passage.text in met:
            again.add(passage.start)
            if spans_in(passage.text):
                detail = "in a paragraph that the text has already"
                refused.append(NoQuote(start=passage.start, stop=passage.stop, code="quote.repeat", detail=detail))
        elif passage.text.count(" ") >= MIN_PARAGRAPH:
            met.add(passage.text)
    return frozenset(again), refused


def _spans(parts: Parts, passages: Sequence[Passage]) -> list[tuple[int, int]]:
    return [(passages[number].start + start, passages[number].start + stop) for number, start, stop in parts]


def _parts(item: Shown, passages: Sequence[Passage], numbers: dict[int, list[int]]) -> Parts:
    """The pieces by passage; [] where some of the words are not in the body."""
    parts: Parts = []
    for block, start, stop in item.pieces:
        for number in numbers.get(block, ()):
            offset = passages[number].offset
            first, last = max(start - offset, 0), min(stop - offset, len(passages[number].text))
            if first < last:
                parts.append((number, first, last))
    wanted = {block for block, _, _ in item.pieces}
    return parts if wanted <= {passages[number].block for number, _, _ in parts} else []


def _filled(item: Shown, parts: Parts, passages: Sequence[Passage]) -> set[int]:
    """The passages that are nothing but the statement; what is quoted inside the answers of an interview counts, too."""
    if item.statement.kind.startswith("interview"):
        return set()
    return {number for number, start, stop in parts if stop - start >= len(passages[number].text) - 4}


class _Repeats:
    """Which statements the rest of the text says as well."""

    def __init__(self, placed: Sequence[tuple[Shown, Parts]], passages: Sequence[Passage]) -> None:
        repeating = any(item.statement.rule in REPEATING for item, _ in placed)
        words = _folded(" ".join(passage.text for passage in passages)).split() if repeating else []
        self.body = f" {' '.join(words)} "
        self.openings: Counter[tuple[str, ...]] = Counter(zip(words, words[1:], words[2:], strict=False))
        self.same = Counter(_words(item) for item, _ in placed)
        self.met: set[str] = set()
        self.looks = 0

    def holds(self, item: Shown) -> bool:
        """Do the words stand elsewhere in the text, or in an earlier statement? Then this one repeats them."""
        words = _words(item)
        opening = tuple(words.split(" ", MIN_REPEATED)[:MIN_REPEATED])
        if item.statement.rule not in REPEATING or len(opening) < MIN_REPEATED:
            return False
        if words in self.met:
            return True
        self.met.add(words)
        if self.openings[opening] <= self.same[words] or self.looks > MAX_LOOKS:
            return False
        self.looks += 1
        return self.body.count(f" {words} ") > self.same[words]


def _words(item: Shown) -> str:
    return _folded(" ".join(item.statement.paragraphs))


def _folded(text: str) -> str:
    return " ".join(WORD.findall(text.casefold()))


def _introduced(
    parts: Parts, passages: Sequence[Passage], places: dict[int, int], prose: Prose
) -> tuple[Attribution | None, str | None]:
    """(whom the text around names, who that is)."""
    group = tuple(
        _placed(passages[number], places[passages[number].start], start, stop)
        for number, start, stop in (parts[0], parts[-1])[: len(parts)]
        if passages[number].start in places
    )
    return prose.introduced(group) if group else (None, None)


def _placed(passage: Passage, number: int, start: int, stop: int) -> Placed:
    text = passage.text
    opens = start - (start > 0 and text[start - 1] in OPENING)
    ends = stop + (text[stop : stop + 1] != "" and text[stop] in CLOSING)
    span = Span(start=start, stop=stop, mark="“", closed=True, opens=opens, ends=ends)
    return Placed(passage=number, span=span, start=passage.start + start, stop=passage.start + stop)


def _named(item: Shown, prose: Prose) -> str | None:
    """The person as the markup names them, by the full name that the text has."""
    name = item.statement.speaker
    return prose.people.full.get(name, name) if name and not item.statement.rule.startswith(SITE_RULES) else name


class Taken:
    """Where shown quotes stand: nothing else is quoted there, but for what is quoted inside an interview's answer."""

    def __init__(self, quotes: Sequence[Found]) -> None:
        spans = sorted(
            (draft.parts[0][0], draft.parts[-1][1], draft.kind.startswith("interview")) for draft, _ in quotes
        )
        self.starts = [start for start, _, _ in spans]
        self.ends = list(accumulate((stop for _, stop, _ in spans), max))
        self.firm = [span for span in spans if not span[2]]
        self.firm_starts = [start for start, _, _ in self.firm]
        self.firm_ends = list(accumulate((stop for _, stop, _ in self.firm), max))

    def touches(self, start: int, stop: int) -> bool:
        """Does a shown quote stand there?"""
        return _overlaps(self.starts, self.ends, start, stop)

    def leaves(self, draft: Draft) -> bool:
        """Is there room for the quote: no shown one, or an interview's and a verb that vouches for this one?"""
        start, stop = draft.parts[0][0], draft.parts[-1][1]
        if _overlaps(self.firm_starts, self.firm_ends, start, stop):
            return False
        return (draft.kind == "inline_direct" and draft.rule not in UNCUED) or not self.touches(start, stop)


def _overlaps(starts: Sequence[int], ends: Sequence[int], start: int, stop: int) -> bool:
    last = bisect_left(starts, stop) - 1
    return last >= 0 and ends[last] > start
