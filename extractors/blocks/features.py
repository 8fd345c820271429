"""Blocks → a matrix of numbers for the classifier, vectorised: one row a block, one column a name of NAMES.

Where a block stands says more than what it says (docs/model-card.md), so most columns are sums over the block's
containers (blocks/containers.py) and neighbourhood.
"""

from collections import Counter

import numpy as np
import numpy.typing as npt

from extractors.blocks.columns import Columns, prefix_sums, stacked
from extractors.blocks.containers import INSIDE, PARAGRAPH_WORDS, container_columns
from extractors.blocks.lines import TAGS
from extractors.blocks.stack import Stack, first_of, largest_of
from extractors.blocks.textstats import STATS, Floats, Ints, word_hashes

WINDOWS = (1, 2, 5, 10, 25)
NEIGHBOURS = (-3, -2, -1, 1, 2, 3)
REACH = 5  # blocks within which the longest is looked for
MAX_TITLE_WORDS = 60  # a block with more is no title
MARKED, NO_MARK = ("time", "author"), -1
HASH_BITS = 24  # of a word's hash; above them stands whose word it is
PREFIX_BITS, PREFIX = 16, 0xFFFF  # of a hash, by which most words are seen not to be asked for
LIKE_TITLE = 0.3  # overlap from which a block may be the page's title


def features_of(stack: Stack, *, hosts: Floats | None = None, blind: bool = False) -> npt.NDArray[np.float32]:
    """The matrix (rows × len(NAMES)).

    `hosts` is the share of the host's other pages that hold each block, `blind` leaves out what the heads say (for
    pieces cut out of a page, and for most pages in training).
    """
    columns: Columns = [stack.stats]
    columns += _own(stack, hosts)
    columns += _around(stack)
    columns += container_columns(stack)
    columns += _heads(stack, blind=blind)
    columns += _signs(stack)
    columns += _page(stack)
    return stacked(columns)


OWN = (
    "link_share", "level", "gap", "marker", "numbered", "depth", "furniture", "script", "repeats", "host_share", "line_breaks",
    *(f"tag_{tag}" for tag in TAGS),
)  # fmt: skip


def _own(stack: Stack, hosts: Floats | None) -> Columns:
    script = np.zeros(stack.count)
    repeats: list[int] = []
    for lines, first in zip(stack.lines, stack.edges.tolist(), strict=False):
        script[[first + place for place in lines.script]] = 1.0
        seen = Counter(lines.texts)
        repeats += map(seen.__getitem__, lines.texts)
    tags = np.zeros((stack.count, len(TAGS)), np.float32)
    known = np.flatnonzero(stack.tags >= 0)
    tags[known, stack.tags[known]] = 1.0
    blocks = [block for document in stack.documents for block in document.blocks]
    level, gap, marker, numbered, depth, breaks = (
        np.array(values, np.float32)
        for values in (
            [b.level for b in blocks],
            [b.gap for b in blocks],
            [b.marker != "" for b in blocks],
            [b.marker[:1].isdigit() for b in blocks],
            [len(b.path) for b in blocks],
            ["\n" in b.text for b in blocks],
        )
    )
    shares = np.zeros(stack.count) if hosts is None else hosts
    return [
        stack.links, level, np.minimum(gap, 9), marker, numbered, depth, stack.sign("furniture"), script,
        np.minimum(repeats, 9), shares, breaks, tags,
    ]  # fmt: skip


_CARRIED = ("words", "ends_sentence", "capitals", "short_words", "commas", "digits")
AROUND = (
    *(f"{name}_within_{window}" for window in WINDOWS for name in ("words", "link_words", "paragraphs", "short_lines")),
    *(f"{name}_at_{offset:+d}" for offset in NEIGHBOURS for name in (*_CARRIED, "link_share")),
    "words_before", "words_after", "longest_within_5", "run_of_short_before", "run_of_short_after",
    *(f"paragraph_words_{side}_{window}" for window in (3, 10) for side in ("before", "after")),
)  # fmt: skip


def _around(stack: Stack) -> Columns:
    """What stands before and after, in blocks."""
    words, links, index = stack.words, stack.links, stack.index
    paragraphs = (words >= PARAGRAPH_WORDS) * words * (links < 0.5)
    short = words < PARAGRAPH_WORDS
    sums = prefix_sums(np.asarray(np.column_stack((words, words * links, paragraphs > 0, short)), float))
    columns: Columns = []
    for window in WINDOWS:
        low, high = stack.window(window, window)
        columns.append(sums[high] - sums[low])
    carried = np.column_stack([*(stack.stat(name) for name in _CARRIED), links])
    columns += [stack.neighbours(carried, offset) for offset in NEIGHBOURS]
    total = sums[:, 0]
    columns += [total[index] - total[stack.first], total[stack.stop] - total[index + 1], _longest(stack)]
    # A run of short blocks reaches back to the last long one, and on to the next.
    before = index - np.maximum(stack.latest(~short), stack.first - 1)
    after = np.minimum(stack.next(~short), stack.stop) - index
    columns += [stack.neighbours(before, -1, 0.0), stack.neighbours(after, 1, 0.0)]
    text = prefix_sums(paragraphs)
    for window in (3, 10):
        low, high = stack.window(window, window)
        columns += [text[index] - text[low], text[high] - text[index + 1]]
    return columns


def _longest(stack: Stack) -> Floats:
    """The words of the longest block near each; so many zeros between two documents that none sees the other."""
    padded = np.zeros(stack.count + REACH * (len(stack.documents) + 1))
    places = stack.index + REACH * (stack.owner + 1)
    padded[places] = stack.words
    near = np.lib.stride_tricks.sliding_window_view(padded, 2 * REACH + 1).max(axis=1)
    return np.asarray(near[places - REACH])


HEADS = (
    "from_h1", "after_h1", "words_since_h1", "headings_before", "from_heading", "title_overlap", "is_title", "og_article",
    "json_article", "head_known", "from_time_mark", "from_author_mark",
)  # fmt: skip


def _heads(stack: Stack, *, blind: bool) -> Columns:
    """Distance to the h1 and to marked dates and authors, likeness to the title, what the head says of the page's type."""
    index, owner, edges = stack.index, stack.owner, stack.edges
    h1 = first_of(stack.h1, edges)
    known, place = (h1 >= 0)[owner], h1[owner]
    since = prefix_sums(stack.words)
    last = stack.latest(stack.headings)
    overlap = np.zeros(stack.count) if blind else _overlap(stack)
    best = largest_of(overlap, edges)
    typed, structured = (np.full(stack.count, -1.0),) * 2
    if not blind:
        heads = [document.head for document in stack.documents]
        typed = np.array(["article" in dict(head.metas).get("og:type", "") for head in heads], float)[owner]
        structured = np.array(
            [any("Article" in script or "BlogPosting" in script for script in head.json_ld) for head in heads], float
        )[owner]
    return [
        np.where(known, index - place, -999.0),
        np.where(known, index > place, -1.0),
        np.where(known, since[:-1] - since[place], -9999.0),
        stack.so_far(stack.headings),
        np.where(last >= 0, index - last, 99.0),
        overlap,
        np.where((overlap[best] > LIKE_TITLE)[owner], index - best[owner], -999.0),
        typed,
        structured,
        np.full(stack.count, float(not blind)),
        *(np.where(found[owner] >= 0, index - found[owner], -999.0) for found in _marked(stack, h1)),
    ]


def _marked(stack: Stack, h1: Ints) -> tuple[Ints, Ints]:
    """The row of the marked date, and that of the marked author, that is nearest to the main heading; -1 if there
    is none.
    """
    found = np.full((2, len(stack.documents)), NO_MARK)
    for number, (document, first, heading) in enumerate(
        zip(stack.documents, stack.edges.tolist(), h1.tolist(), strict=False)
    ):
        start = max(heading - first, 0)
        for kind in {mark.kind for mark in document.marks}:
            places = [mark.position - document.blocks[0].position for mark in document.marks if mark.kind == kind]
            found[MARKED.index(kind), number] = first + min(places, key=lambda place: abs(place - start))
    return found[0], found[1]


def _overlap(stack: Stack) -> Floats:
    """Words shared with the document's title by the words of both, for each block; 0 for blocks too long for a title."""
    titles = [document.head.title or " " for document in stack.documents]
    number, hashed = word_hashes(titles)
    wanted = np.unique(number << HASH_BITS | hashed)
    sizes = np.bincount(wanted >> HASH_BITS, minlength=len(titles))
    owner, found = stack.hashes
    words = np.bincount(owner, minlength=stack.count)
    maybe = np.zeros(1 << PREFIX_BITS, bool)
    maybe[hashed & PREFIX] = True
    asked = np.flatnonzero(maybe[found & PREFIX])
    rows = owner[asked]
    told = np.isin(stack.owner[rows] << HASH_BITS | found[asked], wanted)
    shared = np.bincount(rows, told, minlength=stack.count)
    both = np.maximum(words + sizes[stack.owner] - shared, 1)
    return np.where(words <= MAX_TITLE_WORDS, shared / both, 0.0)


SIGNS = tuple(f"{what}_{name}" for name in ("comments", "pointer", "end", "start") for what in ("since", "before"))
_FAR = 400.0


def _signs(stack: Stack) -> Columns:
    """Distance in blocks since, and number so far of, headings of comment sections and of lists of other articles, and
    of lines that end or begin articles.
    """
    columns: Columns = []
    for name in ("comments", "pointers", "ends", "starts"):
        found = stack.sign(name)
        last = stack.latest(found)
        columns += [np.where(last >= 0, stack.index - last, _FAR), stack.so_far(found)]
    return columns


PAGE = (
    "page_blocks", "page_words", "page_mean_words", "page_link_share", "page_paragraph_share", "page_sentence_share", "place",
    "words_place",
)  # fmt: skip


def _page(stack: Stack) -> Columns:
    """The page as a whole, the same for all its blocks, and where in it each block stands."""
    words, links, count = stack.words, stack.links, stack.sizes
    total = np.maximum(1.0, stack.sums(words))
    values = (
        count,
        total,
        total / count,
        stack.sums(words * links) / total,
        stack.sums(words * ((words >= PARAGRAPH_WORDS) & (links < 0.5))) / total,
        stack.sums(words * (stack.stat("ends_sentence") > 0)) / total,
    )
    return [
        np.column_stack(values)[stack.owner],
        (stack.index - stack.first) / count[stack.owner],
        (stack.so_far(words) - words) / total[stack.owner],
    ]


NAMES: tuple[str, ...] = (*STATS, *OWN, *AROUND, *INSIDE, *HEADS, *SIGNS, *PAGE)
