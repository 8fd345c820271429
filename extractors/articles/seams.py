"""Gaps between lines of plain text → numbers that say how its two sides differ, where no markup does."""

import numpy as np

from extractors.blocks.columns import Columns, prefix_sums
from extractors.blocks.lines import Lines
from extractors.blocks.textstats import Floats, Ints
from extractors.blocks.wording import ZONES, Wording

REACHES = (12, 40, 150)  # lines between two uses of a word that still tie them together
ZONE_WINDOWS = (1, 3, 8, 20)
STYLE = ("words", "capitals", "digits", "ends_sentence", "brackets", "quotes", "bars")
STYLE_WINDOWS = (8, 30)
PEAKS = (5, 20)


def seam_features(lines: Lines, scores: Floats, wording: Wording) -> Columns:
    """Columns with one entry for each gap, of which there must be one; `scores` are the block classifier's."""
    return _zones(wording.zones(lines)) + word_ties(lines) + _styles(lines, scores)


def _zones(found: Floats) -> Columns:
    """The mean score of each zone over the lines before and after a gap, and how far what speaks for a boundary stands
    out of its surroundings.
    """
    means = [_means(found, window) for window in ZONE_WINDOWS]
    both = np.zeros(len(found) - 1)
    columns: Columns = []
    for zone in range(len(ZONES)):
        for window, (before, after) in zip(ZONE_WINDOWS, means, strict=True):
            columns += [before[:, zone], after[:, zone]]
            if window in (3, 8):
                both += after[:, zone] if zone < 2 else before[:, zone]
    return [*columns, both, *(both - peak for peak in _peaks(both))]


def _means(values: Floats, window: int) -> tuple[Floats, Floats]:
    """The mean of as many lines before each gap, and after it, of each column of a matrix (lines × columns)."""
    count = len(values)
    sums, middle = prefix_sums(values), np.arange(1, count)
    low, high = np.maximum(middle - window, 0), np.minimum(middle + window, count)
    at = sums[middle]
    return (at - sums[low]) / (middle - low)[:, None], (sums[high] - at) / (high - middle)[:, None]


def word_ties(lines: Lines) -> Columns:
    """How many words, the rarer the more, are said both shortly before and shortly after a gap (lexical chains), alone
    and beside their peaks around, as texts differ.
    """
    owner, hashed = lines.hashes
    count = len(lines.texts)
    pairs = np.unique(hashed << 32 | owner)
    word, line = pairs >> 32, pairs & 0xFFFFFFFF
    _, which, often = np.unique(word, return_inverse=True, return_counts=True)
    rarity = np.log(count / often)[which][1:]
    same, apart = word[1:] == word[:-1], np.diff(line)
    columns: Columns = []
    for reach in REACHES:
        tied = same & (apart <= reach)
        over = _spanning(line[:-1][tied], line[1:][tied], rarity[tied], count)
        columns += [over, *(over / np.maximum(peak, 1) for peak in _peaks(over))]
    return columns


def _spanning(starts: Ints, stops: Ints, weights: Floats, count: int) -> Floats:
    """The weight of the spans that reach over each gap; a span from line a to line b reaches over the gaps a … b - 1."""
    change = np.bincount(starts, weights, count) - np.bincount(stops, weights, count)
    return np.asarray(np.cumsum(change)[: count - 1])


def _peaks(values: Floats) -> Columns:
    """The highest value among the neighbours before and after, for each window."""
    columns: Columns = []
    for window in PEAKS:
        padded = np.pad(values, window, constant_values=-1e9)
        highest = np.lib.stride_tricks.sliding_window_view(padded, window).max(axis=1)
        columns += [highest[: len(values)], highest[window + 1 :]]
    return columns


def _styles(lines: Lines, scores: Floats) -> Columns:
    """How much the lines of both sides differ in looks."""
    empty = np.fromiter((block.gap > 0 for block in lines.blocks), float, len(lines.texts))
    listed = np.fromiter((bool(block.marker) for block in lines.blocks), float, len(lines.texts))
    columns: Columns = [empty[1:], listed[:-1], listed[1:]]
    looks = np.column_stack([*(np.minimum(lines.stat(name), 60) for name in STYLE), empty, listed, scores])
    apart = [np.abs(before - after) for before, after in (_means(looks, window) for window in STYLE_WINDOWS)]
    return columns + [found[:, look] for look in range(looks.shape[1]) for found in apart]
