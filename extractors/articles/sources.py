"""The list of sources that an aggregator appends to the pages it pasted together: numbered titles, each with a
snippet of its page. Where a snippet stands in the text above, it tells the title, site and date of that article.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from extractors.articles.dates import date_in
from extractors.blocks.shapes import WORD
from extractors.records import Block

MIN_ENTRIES = 3
SHINGLE = 4  # words; short enough to survive a cut snippet, long enough not to occur twice by chance
MIN_SHINGLES = 6  # of a snippet; shorter ones are captions
MIN_TITLE_WORDS = 3
MAX_HEADING_WORDS = 3
MIN_SHARED = 0.6  # share of a snippet's shingles that the article must hold
SITE = re.compile(r"^(?P<title>.{3,}?)\s+(?:[-–—|])\s+(?P<site>[^-–—|]{2,40})$")
MAX_SITE_WORDS = 4
CUT = re.compile(r"\s*\.{3}\s*$|\s*…\s*$")
DATED = re.compile(r"^(?P<date>.{6,24}?\d{4})\.?\s+(?:--|[-–—·.])\s+")


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceEntry:
    """One entry: what it says of an article, and `best`, the block above that holds most of its snippet.

    `title_at` is the block above that holds the title itself, None where the page has lost it.
    """

    title: str
    site: str | None
    published: date | None
    best: int
    shared: float
    title_at: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceList:
    """The entries found in the text above, best first per article; the list itself begins at block `start`."""

    start: int
    entries: tuple[SourceEntry, ...]

    @property
    def claims(self) -> tuple[SourceEntry, ...]:
        """One entry per place: of two that quote the same block, the one that shares more with it."""
        seen: dict[int, SourceEntry] = {}
        for entry in self.entries:
            seen.setdefault(entry.best, entry)
        return tuple(seen.values())


def source_list(blocks: Sequence[Block]) -> SourceList:
    """The page's list of sources; where it has none, no entries and `start` behind the last block."""
    for run in reversed(_numbered_runs(blocks)):
        if sum(snippet is not None for _, snippet in run) < len(run) / 2:
            continue
        first = run[0][0]
        above = blocks[:first]
        grams = _positions_of_shingles(above)
        entries = [entry for index, snippet in run if (entry := _entry(blocks, index, snippet, grams, above))]
        if entries:
            entries.sort(key=lambda entry: -entry.shared)
            return SourceList(start=_start_of_lists(blocks, first), entries=tuple(entries))
    return SourceList(start=len(blocks), entries=())


def _start_of_lists(blocks: Sequence[Block], first: int) -> int:
    """The list's heading, and other numbered lists with headings of their own directly before it."""
    starts = {run[0][0]: run[-1][0] for run in _numbered_runs(blocks)}
    start = first
    while True:
        if start and not blocks[start - 1].marker and len(blocks[start - 1].text.split()) <= MAX_HEADING_WORDS:
            start -= 1
        before = [index for index, last in starts.items() if index < start and start - last <= 2]
        if not before:
            return start
        start = min(before)


def _numbered_runs(blocks: Sequence[Block]) -> list[list[tuple[int, int | None]]]:
    """Runs of items numbered 1, 2, 3 … as (index of the item, index of the snippet below it or None)."""
    if sum(block.marker != "" for block in blocks) < MIN_ENTRIES:
        return []
    runs: list[list[tuple[int, int | None]]] = []
    run: list[tuple[int, int | None]] = []
    index = 0
    while index < len(blocks):
        number = blocks[index].marker.rstrip(".)")
        if number.isdigit() and int(number) in (1, len(run) + 1):
            if int(number) == 1:
                runs.append(run := [])
            below = index + 1
            snippet = below if below < len(blocks) and not blocks[below].marker else None
            run.append((index, snippet))
            index = below + (snippet is not None)
        else:
            run = []
            index += 1
    return [run for run in runs if len(run) >= MIN_ENTRIES]


def _entry(
    blocks: Sequence[Block],
    index: int,
    snippet: int | None,
    grams: dict[tuple[str, ...], list[int]],
    above: Sequence[Block],
) -> SourceEntry | None:
    text = blocks[snippet].text if snippet is not None else ""
    dated = DATED.match(text)
    published = date_in(dated["date"]) if dated else None
    shingles = _shingles(text[dated.end() :] if published and dated else text)
    hits = Counter(hit for shingle in shingles for hit in grams.get(shingle, ()))
    if len(shingles) < MIN_SHINGLES or sum(shingle in grams for shingle in shingles) < MIN_SHARED * len(shingles):
        return None
    best, count = max(hits.items(), key=lambda item: (item[1], -item[0]))
    title, site = _title_and_site(CUT.sub("", blocks[index].text))
    title_at = _title_before(above, best, title)
    if title_at is not None and site is None:
        # "Title. First words of the page …": the page's own line is the shorter title.
        title = title[: len(above[title_at].text)] if folded(title).startswith(folded(above[title_at].text)) else title
    return SourceEntry(
        title=title, site=site, published=published, best=best, shared=count / len(shingles), title_at=title_at
    )


def _title_before(above: Sequence[Block], best: int, title: str) -> int | None:
    """The last block up to the snippet's whose text is the entry's title, or the beginning of it."""
    wanted = folded(title)
    for block in reversed(above[: best + 1]):
        text = folded(block.text)
        if text == wanted or (len(text.split()) >= MIN_TITLE_WORDS and wanted.startswith(text + " ")):
            return block.position
    return None


def _title_and_site(text: str) -> tuple[str, str | None]:
    match = SITE.match(text)
    if match and len(match["site"].split()) <= MAX_SITE_WORDS and match["site"][0].isupper():
        return match["title"].strip(), match["site"].strip()
    return text.strip(), None


def _positions_of_shingles(blocks: Sequence[Block]) -> dict[tuple[str, ...], list[int]]:
    grams: dict[tuple[str, ...], list[int]] = {}
    for index, block in enumerate(blocks):
        for shingle in _shingles(block.text):
            places = grams.setdefault(shingle, [])
            if not places or places[-1] != index:
                places.append(index)
    return grams


def _shingles(text: str) -> list[tuple[str, ...]]:
    words = [word.lower() for word in WORD.findall(text)]
    return [tuple(words[i : i + SHINGLE]) for i in range(len(words) - SHINGLE + 1)]


def folded(text: str) -> str:
    """A title for comparison: lower case, letters and digits only, single spaces."""
    return " ".join(word.lower().replace("’", "'") for word in WORD.findall(text))
