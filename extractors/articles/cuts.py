"""Gaps between blocks → numbers that say whether one article ends there and another begins.

For n blocks of a document there are n-1 gaps; gap g lies between the blocks g and g+1.
"""

import numpy as np
import numpy.typing as npt

from extractors.articles.seams import seam_features
from extractors.blocks.columns import Columns, prefix_sums, stacked
from extractors.blocks.elements import BITS
from extractors.blocks.lines import Lines
from extractors.blocks.stack import Stack
from extractors.blocks.textstats import Floats, Ints
from extractors.blocks.wording import Wording

WINDOWS = (3, 8, 20, 50)
BUCKETS = 256  # hashed words per line; cohesion needs likeness, not the words themselves
CONTENT = 0.4  # score from which a block counts as article text here
FAR = 99.0  # blocks; further is as far
CHUNK = 256  # gaps compared at once: few enough for the cache of a processor

NAMES = (
    *(
        f"{what}_{side}_{window}"
        for window in WINDOWS
        for side in ("before", "after")
        for what in ("score", "words", "short", "links")
    ),
    *(f"cohesion_{window}" for window in WINDOWS),
    "gap",
    "score_left",
    "score_right",
    "words_left",
    "words_right",
    "content_before",
    "content_after",
    "blocks_since_content",
    "blocks_to_content",
    "end_markers_before_8",
    "end_markers_before_3",
    "start_markers_after_8",
    "start_markers_after_3",
    "heading_after_3",
    "h1_after_8",
    "h1_before_8",
    "h1s",
    "capitals_right",
    "ends_sentence_left",
    "ends_sentence_right",
    "place",
    "blocks",
    "lca_depth",
    "lca_share",
    "up_left",
    "up_right",
    "left_words",
    "right_words",
    "left_content",
    "right_content",
    "left_share",
    "right_share",
    "left_h1",
    "right_h1",
    "siblings",
    "lca_is_body",
    *(
        f"{side}_{name}"
        for side in ("left", "right")
        for name in ("article", "footer", "nav", "header", "comment", "related", "title")
    ),
)
_SEEN = ("article", "footer", "nav", "header", "comment", "related", "title")


def gap_features(stack: Stack, scores: Floats, wording: Wording) -> npt.NDArray[np.float32]:
    """The matrix (gaps of all documents × columns): NAMES, or for text without markup what seams.py finds by the `wording`
    in place of what the elements say. `scores` are the block classifier's.
    """
    gaps = np.flatnonzero(stack.index + 1 < stack.stop)
    if not len(gaps):
        return np.zeros((0, 0), np.float32)
    cohesion = np.concatenate([_cohesion(lines) for lines in stack.lines])
    if stack.elements is not None:
        apart = _structure(stack, gaps, scores)
    else:
        found = [
            stacked(seam_features(lines, own, wording))
            for lines, own in zip(stack.lines, stack.split(scores), strict=True)
            if len(own) > 1
        ]
        apart = [np.concatenate(found)]
    return stacked([*_windows(stack, gaps, scores), cohesion, *_near(stack, gaps, scores), *apart])


def _windows(stack: Stack, gaps: Ints, scores: Floats) -> Columns:
    words, links = stack.words, stack.links
    sums = prefix_sums(np.asarray(np.column_stack((scores * words, words, words < 8, words * links)), float))
    columns: Columns = []
    for window in WINDOWS:
        low, high = stack.window(window - 1, window)
        middle = sums[gaps + 1]
        columns += [middle - sums[low[gaps]], sums[high[gaps]] - middle]
    return columns


def _cohesion(lines: Lines) -> Floats:
    """Cosine of the hashed words of the blocks before and after, over several windows (TextTiling, Hearst 1997), as
    (gaps × windows).
    """
    count, margin = len(lines.texts), max(WINDOWS)
    owner, hashed = lines.hashes
    # Prefix sums, with so many rows before and behind that a window may reach over an end.
    total = np.zeros((count + 1 + 2 * margin, BUCKETS), np.float32)
    np.add.at(total.reshape(-1), (owner + 1 + margin) * BUCKETS + hashed % BUCKETS, np.float32(1))
    rarity = np.log1p(count / (1.0 + np.count_nonzero(total, axis=0))).astype(np.float32)
    np.sqrt(total, out=total)
    total *= rarity
    np.cumsum(total, axis=0, out=total)
    columns = np.zeros((count - 1, len(WINDOWS)))
    for number, window in enumerate(WINDOWS):
        for first in range(0, count - 1, CHUNK):
            begin, end = margin + 1 + first, margin + 1 + min(first + CHUNK, count - 1)
            # What stands before a gap, and as far behind it, is behind the gap: one difference serves as both.
            found = total[begin : end + window] - total[begin - window : end]
            norms = np.sqrt(_dot(found, found))
            size = end - begin
            both = _dot(found[:size], found[window:])
            columns[first : first + CHUNK, number] = both / np.maximum(norms[:size] * norms[window:], 1e-6)
    return columns


def _dot(some: Floats, others: Floats) -> Floats:
    """The dot product of each row with the row of the same number."""
    return np.asarray(np.einsum("ij,ij->i", some, others))


def _near(stack: Stack, gaps: Ints, scores: Floats) -> Columns:
    words, index, after_gap = stack.words, stack.index, gaps + 1
    first, stop = stack.first[gaps], stack.stop[gaps]
    content = (scores >= CONTENT) & (words >= 8)
    last, following = stack.latest(content), stack.next(content)
    since = np.where(last >= 0, index - last, FAR)
    until = np.where(following < stack.count, following - index, FAR)
    flags = (stack.sign("ends"), stack.sign("starts"), stack.h1, stack.headings)
    ends, starts, h1, heading = map(prefix_sums, flags)
    total = prefix_sums(content * words)

    def before(sums: Floats, window: int) -> Floats:
        return np.asarray(sums[after_gap] - sums[np.maximum(after_gap - window, first)])

    def after(sums: Floats, window: int) -> Floats:
        return np.asarray(sums[np.minimum(after_gap + window, stop)] - sums[after_gap])

    sentence = stack.stat("ends_sentence")
    blank = np.array([min(9, block.gap) for lines in stack.lines for block in lines.blocks[1:]], float)
    return [
        blank,
        scores[gaps],
        scores[after_gap],
        words[gaps],
        words[after_gap],
        total[after_gap] - total[first],
        total[stop] - total[after_gap],
        np.minimum(since[gaps], FAR),
        np.minimum(until[after_gap], FAR),
        before(ends, 8),
        before(ends, 3),
        after(starts, 8),
        after(starts, 3),
        after(heading, 3),
        after(h1, 8),
        before(h1, 8),
        h1[stop] - h1[first],
        stack.stat("capitals")[after_gap],
        sentence[gaps],
        sentence[after_gap],
        (after_gap - first) / (stop - first),
        stop - first,
    ]


def _structure(stack: Stack, gaps: Ints, scores: Floats) -> Columns:
    """The lowest element around both sides of each gap, and the two children of it that meet there."""
    elements = stack.elements
    if elements is None:  # HTML that shows nothing
        return [np.zeros((len(gaps), 14 + 2 * len(_SEEN)))]
    above, starts, stops, leaves, _ = elements
    words = stack.words
    sums = [prefix_sums(values) for values in (words, scores * words * (scores >= CONTENT), stack.h1)]
    depth = np.concatenate([document.tree.depths for document in stack.documents])
    common, left, right = _meeting(above, leaves[gaps], leaves[gaps + 1])
    shares = [sum_[stops] - sum_[starts] for sum_ in sums]
    children = np.bincount(above, stops > starts, minlength=len(above))
    total = np.maximum(1.0, stack.sums(words))[stack.owner[gaps]]
    body = (stack.bits[0] >> BITS.index("body")) & 1
    # Everything inside the left and right child as one set of flags, so that a footer deep inside counts.
    below = stack.bits[0].copy()
    for level in np.split(np.argsort(depth, kind="stable"), np.cumsum(np.bincount(depth))[:-1])[:0:-1]:
        np.bitwise_or.at(below, above[level], below[level])
    flags = [1 << BITS.index(name) for name in _SEEN]
    return [
        depth[common],
        shares[0][common] / total,
        depth[leaves[gaps]] - depth[common],
        depth[leaves[gaps + 1]] - depth[common],
        shares[0][left],
        shares[0][right],
        shares[1][left],
        shares[1][right],
        shares[0][left] / total,
        shares[0][right] / total,
        shares[2][left],
        shares[2][right],
        children[common],
        body[common],
        *((below[side] & flag) > 0 for side in (left, right) for flag in flags),
    ]


def _meeting(above: Ints, left: Ints, right: Ints) -> tuple[Ints, Ints, Ints]:
    """(lowest common element, its child on the left, its child on the right) of each pair of elements; what stands
    directly in the common element is its own side. Elements have higher numbers than what holds them.
    """
    one, other = left.copy(), right.copy()  # the way up from each side, to where they meet
    left, right = left.copy(), right.copy()
    apart = np.flatnonzero(one != other)
    while len(apart):
        lower = one[apart] > other[apart]
        up, across = apart[lower], apart[~lower]
        left[up], right[across] = one[up], other[across]
        one[up], other[across] = above[one[up]], above[other[across]]
        apart = apart[one[apart] != other[apart]]
    return one, left, right
