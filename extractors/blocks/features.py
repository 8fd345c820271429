"""Blocks → a matrix of numbers for the classifier, vectorised: one row a block, one column a name of NAMES.

Where a block stands says more than what it says (docs/model-card.md), so most columns are sums over the block's
containers (blocks/containers.py) and neighbourhood.
"""

import numpy as np
import numpy.typing as npt

from extractors.blocks.columns import Columns, prefix_sums, stacked
from extractors.blocks.containers import INSIDE, PARAGRAPH_WORDS, container_columns
from extractors.blocks.document import Document
from extractors.blocks.lines import Lines
from extractors.blocks.textstats import STATS, Floats, word_hashes

TAGS = (
    "p", "li", "h1", "h2", "h3", "h4", "h5", "h6", "tr", "td", "blockquote", "pre", "div", "span", "dt", "dd", "figcaption",
    "caption", "label", "button", "section", "article", "a", "header", "footer", "center", "noscript", "summary",
)  # fmt: skip
WINDOWS = (1, 2, 5, 10, 25)
NEIGHBOURS = (-3, -2, -1, 1, 2, 3)
MAX_TITLE_WORDS = 60  # a block with more is no title
LIKE_TITLE = 0.3  # overlap from which a block may be the page's title


def features_of(document: Document, *, hosts: Floats | None = None, blind: bool = False) -> npt.NDArray[np.float32]:
    """The matrix (blocks × len(NAMES)) of one document.

    `hosts` is the share of the host's other pages that hold each block, `blind` leaves out what the head says (for
    pieces cut out of a page, and for most pages in training).
    """
    count = len(document.blocks)
    if not count:
        return np.zeros((0, len(NAMES)), np.float32)
    lines = document.lines
    columns: Columns = [lines.stats]
    columns += _own(document, hosts)
    columns += _around(lines)
    columns += container_columns(document)
    columns += _heads(document, blind=blind)
    columns += _signs(lines)
    columns += _page(lines)
    return stacked(columns)


OWN = (
    "link_share", "level", "gap", "marker", "numbered", "depth", "furniture", "script", "repeats", "host_share", "line_breaks",
    *(f"tag_{tag}" for tag in TAGS),
)  # fmt: skip
TAG_NUMBERS = {tag: number for number, tag in enumerate(TAGS)}


def _own(document: Document, hosts: Floats | None) -> Columns:
    lines, blocks, count = document.lines, document.blocks, len(document.blocks)
    seen: dict[str, int] = {}
    for text in lines.texts:
        seen[text] = seen.get(text, 0) + 1
    script = np.zeros(count)
    script[list(lines.script)] = 1.0
    tags = np.zeros((count, len(TAGS)), np.float32)
    known = [(row, TAG_NUMBERS[tag]) for row, tag in enumerate(lines.tags) if tag in TAG_NUMBERS]
    if known:
        tags[tuple(np.array(known).T)] = 1.0
    level, gap, marker, numbered, depth, repeats, breaks = (
        np.fromiter(values, np.float32, count)
        for values in (
            (b.level for b in blocks),
            (min(b.gap, 9) for b in blocks),
            (b.marker != "" for b in blocks),
            (b.marker[:1].isdigit() for b in blocks),
            (len(b.path) for b in blocks),
            (min(seen[text], 9) for text in lines.texts),
            ("\n" in text for text in lines.texts),
        )
    )
    shares = np.zeros(count) if hosts is None else hosts
    return [
        lines.links, level, gap, marker, numbered, depth, lines.furniture, script, repeats, shares, breaks, tags,
    ]  # fmt: skip


_CARRIED = ("words", "ends_sentence", "capitals", "short_words", "commas", "digits")
AROUND = (
    *(f"{name}_within_{window}" for window in WINDOWS for name in ("words", "link_words", "paragraphs", "short_lines")),
    *(f"{name}_at_{offset:+d}" for offset in NEIGHBOURS for name in (*_CARRIED, "link_share")),
    "words_before", "words_after", "longest_within_5", "run_of_short_before", "run_of_short_after",
    *(f"paragraph_words_{side}_{window}" for window in (3, 10) for side in ("before", "after")),
)  # fmt: skip


def _around(lines: Lines) -> Columns:
    """What stands before and after, in blocks."""
    words, links = lines.words, lines.links
    count = len(words)
    index = np.arange(count)
    paragraphs = (words >= PARAGRAPH_WORDS) * words * (links < 0.5)
    short = words < PARAGRAPH_WORDS
    sums = [prefix_sums(values) for values in (words, words * links, paragraphs > 0, short)]
    columns: Columns = []
    for window in WINDOWS:
        low, high = np.maximum(index - window, 0), np.minimum(index + window + 1, count)
        columns += [total[high] - total[low] for total in sums]
    carried = np.column_stack([*(lines.stat(name) for name in _CARRIED), links])
    padded = np.pad(carried, ((-NEIGHBOURS[0], NEIGHBOURS[-1]), (0, 0)), constant_values=-1.0)
    columns += [padded[offset - NEIGHBOURS[0] :][:count] for offset in NEIGHBOURS]
    total = sums[0]
    columns += [total[:-1], total[-1] - total[1:]]
    columns.append(np.lib.stride_tricks.sliding_window_view(np.pad(words, 5), 11).max(axis=1))
    columns += [_run_before(short), _run_before(short[::-1])[::-1]]
    text = prefix_sums(paragraphs)
    for window in (3, 10):
        columns += [
            text[index] - text[np.maximum(index - window, 0)],
            text[np.minimum(index + window + 1, count)] - text[index + 1],
        ]
    return columns


def _run_before(flags: npt.NDArray[np.bool_]) -> Floats:
    """How many flagged blocks stand directly before each."""
    index = np.arange(len(flags))
    last = np.maximum.accumulate(np.where(flags, -1, index))
    run = index - last
    return np.concatenate(([0.0], run[:-1].astype(float)))


HEADS = (
    "from_h1", "after_h1", "words_since_h1", "headings_before", "from_heading", "title_overlap", "is_title", "og_article",
    "json_article", "head_known", "from_time_mark", "from_author_mark",
)  # fmt: skip


def _heads(document: Document, *, blind: bool) -> Columns:
    """Distance to the h1 and to marked dates and authors, likeness to the title, what the head says of the page's type."""
    lines, head, count = document.lines, document.head, len(document.blocks)
    index = np.arange(count, dtype=float)
    h1 = int(lines.h1.argmax()) if lines.h1.any() else -1
    since = prefix_sums(lines.words)
    last = np.maximum.accumulate(np.where(lines.headings, np.arange(count), -1))
    overlap = np.zeros(count) if blind or not head.title else _overlap(lines, head.title)
    best = int(overlap.argmax())
    typed = "article" in dict(head.metas).get("og:type", "")
    structured = any("Article" in script or "BlogPosting" in script for script in head.json_ld)
    columns: Columns = [
        index - h1 if h1 >= 0 else np.full(count, -999.0),
        (index > h1).astype(float) if h1 >= 0 else np.full(count, -1.0),
        since[:-1] - since[h1] if h1 >= 0 else np.full(count, -9999.0),
        np.cumsum(lines.headings),
        np.where(last >= 0, index - last, 99.0),
        overlap,
        index - best if overlap[best] > LIKE_TITLE else np.full(count, -999.0),
        np.full(count, -1.0 if blind else float(typed)),
        np.full(count, -1.0 if blind else float(structured)),
        np.full(count, float(not blind)),
    ]
    first = document.blocks[0].position
    start = max(h1, 0)
    for kind in ("time", "author"):
        places = [mark.position - first for mark in document.marks if mark.kind == kind]
        nearest = min(places, key=lambda place: abs(place - start)) if places else None
        columns.append(index - nearest if nearest is not None else np.full(count, -999.0))
    return columns


def _overlap(lines: Lines, title: str) -> Floats:
    """Words shared with the title by the words of both, for each block; 0 for blocks too long for a title."""
    wanted = np.unique(word_hashes([title])[1])
    owner, found = lines.hashes
    count = len(lines.texts)
    if not len(wanted):
        return np.zeros(count)
    shared = np.bincount(owner, np.isin(found, wanted), minlength=count)
    words = np.bincount(owner, minlength=count)
    both = np.maximum(words + len(wanted) - shared, 1)
    return np.where(words <= MAX_TITLE_WORDS, shared / both, 0.0)


SIGNS = tuple(f"{what}_{name}" for name in ("comments", "pointer", "end", "start") for what in ("since", "before"))
_FAR = 400.0


def _signs(lines: Lines) -> Columns:
    """Distance in blocks since, and number so far of, headings of comment sections and of lists of other articles, and
    of lines that end or begin articles.
    """
    index = np.arange(len(lines.texts))
    columns: Columns = []
    for found in (lines.comments, lines.pointers, lines.ends, lines.starts):
        last = np.maximum.accumulate(np.where(found, index, -1))
        columns += [np.where(last >= 0, index - last, _FAR), np.cumsum(found)]
    return columns


PAGE = (
    "page_blocks", "page_words", "page_mean_words", "page_link_share", "page_paragraph_share", "page_sentence_share", "place",
    "words_place",
)  # fmt: skip


def _page(lines: Lines) -> Columns:
    """The page as a whole, the same for all its blocks, and where in it each block stands."""
    words, links, count = lines.words, lines.links, len(lines.texts)
    total = max(1.0, float(words.sum()))
    values = (
        count,
        total,
        total / count,
        float((words * links).sum()) / total,
        float(words[(words >= PARAGRAPH_WORDS) & (links < 0.5)].sum()) / total,
        float(words[lines.stat("ends_sentence") > 0].sum()) / total,
    )
    return [np.tile(np.array(values), (count, 1)), np.arange(count) / count, (np.cumsum(words) - words) / total]


NAMES: tuple[str, ...] = (*STATS, *OWN, *AROUND, *INSIDE, *HEADS, *SIGNS, *PAGE)
