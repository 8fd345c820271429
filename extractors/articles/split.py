"""Judged blocks → runs: which blocks make an article, and where one article ends and the next begins."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from extractors.articles.sources import SourceEntry, SourceList, source_list
from extractors.blocks.classify import CORE
from extractors.blocks.document import Document
from extractors.blocks.shapes import WORD
from extractors.records import Block, Verdict

MIN_WORDS = 40  # a run with fewer words is a teaser or a caption …
MIN_WORDS_BESIDE = 120  # … and beside real articles it needs more to be one itself
BOUNDARY = 2.0  # evidence in a gap from which two articles meet there
NEAR_GAP = 3  # blocks of boilerplate that may stand between two pieces of one text
SURE = 0.7
HEADLINES_ABOVE = 8  # blocks before a text in which a site shows headlines of other articles
MAX_TEASER_WORDS = 35
LONG_GAP = 12  # blocks of boilerplate that count as full evidence by themselves
END_MARKER = re.compile(
    r"(?:written|posted|reported|edited) by\b|about the author|more (?:from|stories|to explore)\b|contribute to this page"
    r"|(?:©|copyright\b)|(?:leave|post|write) a (?:comment|reply)|(?:\d+ )?comments?\b|(?:tags|filed under|posted in) ?:"
    r"|(?:people|readers) (?:are|also) (?:reading|read)|member-only story|(?:privacy policy|terms of (?:use|service))"
    r"|you(?:.ve reached| may also like| might also like)|subscribe|sign up|»? ?return to\b|discuss\b.{0,40}\bbelow",
    re.IGNORECASE,
)
INSET = re.compile(
    r"(?:recommended|related|read (?:more|also|next)|see also|more:|advertisement|sponsored)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One article's blocks: `head` are the positions before its body that may name it, `body` its text, `foot` the
    few after it; `entry` is what an aggregator's list of sources says of it.
    """

    document: int
    head: tuple[int, ...]
    body: tuple[int, ...]
    foot: tuple[int, ...]
    entry: SourceEntry | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """The runs in page order, and the first block of an aggregator's list of sources (past the end if none)."""

    runs: tuple[Run, ...]
    sources_start: int


def split_of(documents: Sequence[Document], verdicts: Sequence[Verdict]) -> Split:
    """Cut a page's blocks into articles; `verdicts` has one entry per block over all documents."""
    blocks = [block for document in documents for block in document.blocks]
    sources = source_list(blocks)
    owner = [number for number, document in enumerate(documents) for _ in document.blocks]
    titles = {entry.title_at for entry in sources.entries if entry.title_at is not None}
    core = [i for i in range(min(sources.start, len(blocks))) if verdicts[i].score >= CORE and i not in titles]
    cuts = _cuts(blocks, verdicts, core, owner, sources)
    segments = [_trimmed(blocks, verdicts, segment) for segment in _segments(core, cuts)]
    kept = _articles_among(blocks, segments, sources)
    return Split(
        runs=tuple(_run(kept, n, owner, sources, len(blocks)) for n in range(len(kept))), sources_start=sources.start
    )


def _cuts(
    blocks: Sequence[Block], verdicts: Sequence[Verdict], core: list[int], owner: list[int], sources: SourceList
) -> set[int]:
    """The content blocks that begin a new article, except the first."""
    evidence = {
        j: _evidence(blocks, verdicts, i, j, sources) + (100.0 if owner[i] != owner[j] else 0.0)
        for i, j in pairwise(core)
    }
    cuts = {j for j, value in evidence.items() if value >= BOUNDARY}
    anchors = sorted({entry.best for entry in _claims(sources)})
    for left, right in pairwise(anchors):
        between = {j: value for j, value in evidence.items() if left < j <= right}
        if between and not cuts & between.keys() and max(between.values()) > 0:
            cuts.add(max(between, key=lambda j: between[j]))
    return cuts


def _evidence(blocks: Sequence[Block], verdicts: Sequence[Verdict], i: int, j: int, sources: SourceList) -> float:
    """How strongly the blocks between the content blocks i and j say that one article ends and another begins."""
    gap = range(i + 1, j)
    value = len(gap) / LONG_GAP
    markers = [k for k in gap if END_MARKER.match(blocks[k].text)]
    if markers:
        value += 1.0
    if any(entry.title_at in gap for entry in sources.entries):
        value += 3.0
    if gap and INSET.match(blocks[i + 1].text) and not markers:
        value -= 1.5
    if (verdicts[i].reason == "script line") != (verdicts[j].reason == "script line") and len(gap) > 2:
        value += 1.0
    return value


def _claims(sources: SourceList) -> tuple[SourceEntry, ...]:
    """One entry per place: of two that quote the same block, the one that shares more with it."""
    seen: dict[int, SourceEntry] = {}
    for entry in sources.entries:
        seen.setdefault(entry.best, entry)
    return tuple(seen.values())


def _segments(core: list[int], cuts: set[int]) -> list[list[int]]:
    segments: list[list[int]] = []
    for i in core:
        if i in cuts or not segments:
            segments.append([])
        segments[-1].append(i)
    return segments


def _trimmed(blocks: Sequence[Block], verdicts: Sequence[Verdict], segment: list[int]) -> list[int]:
    """Without stray lines at both ends: pieces a gap away from the body that are no text of their own, and short
    lines that nothing but the neighbourhood spoke for.
    """
    pieces: list[list[int]] = []
    for i in segment:
        if not pieces or i - pieces[-1][-1] > NEAR_GAP:
            pieces.append([])
        pieces[-1].append(i)
    words = [_words(blocks, piece) for piece in pieces]
    if max(words) >= MIN_WORDS_BESIDE:
        while words[0] < MIN_WORDS:
            del pieces[0], words[0]
        while words[-1] < MIN_WORDS:
            del pieces[-1], words[-1]
    kept = [i for piece in pieces for i in piece]
    teasers = _teasers(blocks, verdicts, kept)
    kept = [i for i in kept if i not in teasers]
    while len(kept) > 1 and verdicts[kept[0]].score < SURE:
        del kept[0]
    while len(kept) > 1 and verdicts[kept[-1]].score < SURE:
        del kept[-1]
    return kept


def _teasers(blocks: Sequence[Block], verdicts: Sequence[Verdict], segment: list[int]) -> set[int]:
    """Blurbs of other articles inside a text: one sentence that begins with the same name as a headline that the site
    put above the text, directly before a subheading.
    """
    headlines = {_opening(blocks[i].text) for i in range(max(0, segment[0] - HEADLINES_ABOVE), segment[0])} - {None}
    return {
        i
        for i, after in pairwise(segment)
        if headlines
        and _opening(blocks[i].text) in headlines
        and _words(blocks, [i]) <= MAX_TEASER_WORDS
        and verdicts[after].reason == "between paragraphs"
    }


def _opening(text: str) -> tuple[str, ...] | None:
    """The two capitalised words a text begins with."""
    words = tuple(word.removesuffix("'s").removesuffix("’s") for word in WORD.findall(text[:60])[:2])
    return words if len(words) == 2 and all(word[0].isupper() for word in words) else None


def _words(blocks: Sequence[Block], positions: Sequence[int]) -> int:
    return sum(len(WORD.findall(blocks[i].text)) for i in positions)


def _articles_among(blocks: Sequence[Block], segments: list[list[int]], sources: SourceList) -> list[list[int]]:
    """The segments with enough text to be an article; one that a list of sources names needs no minimum."""
    named = {entry.best for entry in _claims(sources)}
    words = [_words(blocks, segment) for segment in segments]
    if not words:
        return []
    floor = MIN_WORDS_BESIDE if max(words) >= 2 * MIN_WORDS_BESIDE else MIN_WORDS
    return [s for s, count in zip(segments, words, strict=True) if count >= floor or named & set(s)]


def _run(segments: list[list[int]], n: int, owner: list[int], sources: SourceList, total: int) -> Run:
    body = segments[n]
    entry = next((entry for entry in _claims(sources) if body[0] <= entry.best <= body[-1]), None)
    before = segments[n - 1][-1] + 1 if n else 0
    after = segments[n + 1][0] if n + 1 < len(segments) else min(total, sources.start)
    same = owner[body[0]]
    return Run(
        document=same,
        head=tuple(i for i in range(before, body[0]) if owner[i] == same),
        body=tuple(body),
        foot=tuple(i for i in range(body[-1] + 1, after) if owner[i] == same),
        entry=entry,
    )
