"""Counts of characters and words in many texts at once: one pass over their code points with NumPy."""

import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache

import numpy as np
import numpy.typing as npt

from extractors.blocks.shapes import WORD

Floats = npt.NDArray[np.floating]
Ints = npt.NDArray[np.integer]

LOWER, UPPER, DIGIT, SPACE, STOP, COMMA, COLON, QUOTE, BAR, DASH, BRACKET, WIDE, SIGN, OTHER = range(14)
_SPECIAL = {
    STOP: ".!?…。！？",
    COMMA: ",;、，",
    COLON: ":：",
    QUOTE: "\"“”„«»‘’'",
    BAR: "|/\\>›»·•",
    DASH: "-–—",
    BRACKET: "()[]{}",
    SIGN: "©®™@#$€£%&+*=_",
}

STATS = (
    "chars",
    "words",
    "mean_word",
    "capitals",
    "short_words",
    "upper",
    "digits",
    "stops",
    "commas",
    "colons",
    "quotes",
    "bars",
    "dashes",
    "brackets",
    "signs",
    "wide",
    "ends_sentence",
    "ends_colon",
    "starts_lower",
    "starts_upper",
    "starts_digit",
    "starts_quote",
    "inner_stops",
    "all_upper",
    "words_per_stop",
)


@cache
def _classes() -> npt.NDArray[np.uint8]:
    """The class of every code point below 65,536 (and, at the end, of all above)."""
    table = np.full(0x10001, OTHER, np.uint8)
    for point in range(0x10000):
        category = unicodedata.category(chr(point))
        if category == "Ll":
            table[point] = LOWER
        elif category in ("Lu", "Lt"):
            table[point] = UPPER
        elif category == "Nd":
            table[point] = DIGIT
        elif category in ("Zs", "Cc"):
            table[point] = SPACE
        elif category == "Lo":
            table[point] = WIDE
    for kind, chars in _SPECIAL.items():
        table[[ord(char) for char in chars]] = kind
    return table


def measured(texts: Sequence[str]) -> tuple[Floats, tuple[Ints, Ints]]:
    """(a matrix (texts × STATS), word_hashes) of texts none of which is empty: both look at the same code points."""
    if not texts:
        return np.zeros((0, len(STATS))), word_hashes(())
    stats, hashes = [], []
    for first, chunk in _chunks(texts):
        points, kinds = _points(chunk)
        stats.append(_stats(chunk, kinds))
        hashes.append((first, _hashes(chunk, points, kinds)))
    return np.vstack(stats), _joined(hashes)


def _chunks(texts: Sequence[str]) -> Iterator[tuple[int, Sequence[str]]]:
    """(number of the first text, texts) in runs of about CHUNK characters: a page of 10 MB would need 500 MB at once."""
    first = size = 0
    for number, text in enumerate(texts):
        size += len(text)
        if size >= CHUNK:
            yield first, texts[first : number + 1]
            first, size = number + 1, 0
    if first < len(texts):
        yield first, texts[first:]


def _points(texts: Sequence[str]) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.uint8]]:
    """(the code points of the texts, one space between two, those above 65,535 as one; their classes)."""
    points = np.frombuffer(" ".join(texts).encode("utf-32-le", "surrogatepass"), np.uint32)
    small = np.minimum(points, 0x10000)
    return small, _classes()[small]


def _stats(texts: Sequence[str], kinds: npt.NDArray[np.uint8]) -> Floats:
    lengths = np.fromiter(map(len, texts), np.int64, len(texts))
    stops = np.cumsum(lengths + 1) - 1
    starts = stops - lengths
    # Counts per text and class: one bincount over (text, class) pairs.
    owner = np.repeat(np.arange(len(texts)), np.append(lengths[:-1] + 1, lengths[-1]))
    counts = np.bincount(owner * 14 + kinds, minlength=len(texts) * 14).reshape(len(texts), 14).astype(float)
    counts[:-1, SPACE] -= 1  # the joining space behind each text but the last
    space = kinds == SPACE
    before = np.empty_like(space)
    before[0], before[1:] = True, space[:-1]
    begins = ~space & before
    word_starts = np.flatnonzero(begins)
    word_stops = np.flatnonzero(~space & np.append(space[1:], True)) + 1
    word_owner = owner[word_starts]
    size = len(texts)
    words = np.bincount(word_owner, minlength=size).astype(float)
    # Scripts without spaces: two characters make about a word.
    words = np.where(counts[:, WIDE] > words * 4, words + counts[:, WIDE] / 2, words)
    safe = np.maximum(words, 1)
    short = np.bincount(word_owner, (word_stops - word_starts) <= 3, minlength=size)
    capitals = np.bincount(word_owner, kinds[word_starts] == UPPER, minlength=size)
    first, last = kinds[starts], _last_kind(kinds, stops)
    chars = np.maximum(lengths, 1).astype(float)
    letters = counts[:, LOWER] + counts[:, UPPER]
    ends = last == STOP
    columns = [
        chars,
        words,
        (chars - counts[:, SPACE]) / safe,
        capitals / safe,
        short / safe,
        counts[:, UPPER] / np.maximum(letters, 1),
        counts[:, DIGIT] / chars,
        counts[:, STOP],
        counts[:, COMMA] / safe,
        counts[:, COLON],
        counts[:, QUOTE],
        counts[:, BAR],
        counts[:, DASH] / safe,
        counts[:, BRACKET] / safe,
        counts[:, SIGN],
        counts[:, WIDE] / chars,
        ends,
        last == COLON,
        first == LOWER,
        first == UPPER,
        first == DIGIT,
        first == QUOTE,
        counts[:, STOP] - ends,
        (counts[:, UPPER] > 1) & (counts[:, LOWER] == 0),
        words / (counts[:, STOP] + 1),
    ]
    return np.column_stack(columns).astype(float)


@cache
def _lower() -> npt.NDArray[np.uint64]:
    """Every code point below 65,536 in lower case; those above share one entry."""
    points = [ord(low) if len(low := chr(point).lower()) == 1 else point for point in range(0x10000)]
    return np.array([*points, 0x10000], np.uint64)


@cache
def _powers(size: int) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint64]]:
    """(BASE^i, BASE^-i) modulo 2^64; an odd base has an inverse there."""
    ones = np.ones(size, np.uint64)
    with np.errstate(over="ignore"):
        return np.cumprod(ones * BASE), np.cumprod(ones * INVERSE)


CHUNK = 500_000  # characters worked on at once
BASE = np.uint64(0x9E3779B97F4A7C15)
INVERSE = np.uint64(pow(int(BASE), -1, 1 << 64))


def word_hashes(texts: Sequence[str]) -> tuple[Ints, Ints]:
    """(text, hash) of every word of all texts: runs of letters and digits, lower case; hashes have 24 bits.

    One pass for all words: the hash of a word is a difference of two prefix sums, shifted to its place.
    """
    return _joined([(first, _hashes(chunk, *_points(chunk))) for first, chunk in _chunks(texts)])


def _joined(found: Sequence[tuple[int, tuple[Ints, Ints]]]) -> tuple[Ints, Ints]:
    if not found:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    return np.concatenate([owner + first for first, (owner, _) in found]), np.concatenate(
        [hashed for _, (_, hashed) in found]
    )


def _hashes(texts: Sequence[str], points: npt.NDArray[np.uint32], kinds: npt.NDArray[np.uint8]) -> tuple[Ints, Ints]:
    inside = (kinds == LOWER) | (kinds == UPPER) | (kinds == DIGIT) | (kinds == WIDE)
    edges = np.flatnonzero(np.diff(np.concatenate(([False], inside, [False])).astype(np.int8)))
    starts, stops = edges[::2], edges[1::2]
    size = 1 << max(1, len(points).bit_length())
    powers, inverses = _powers(size)
    total = np.zeros(len(points) + 1, np.uint64)
    with np.errstate(over="ignore"):
        np.cumsum(_lower()[points] * powers[: len(points)], out=total[1:])
        values = (total[stops] - total[starts]) * inverses[starts]
        values = (values ^ (values >> np.uint64(29))) * BASE
    ends = np.cumsum(np.fromiter(map(len, texts), np.int64, len(texts)) + 1)
    return np.searchsorted(ends, starts, side="right"), (values >> np.uint64(40)).astype(np.int64)


@cache
def _word_characters() -> npt.NDArray[np.bool_]:
    """Which code points below 65,536 are letters or digits."""
    return np.array([chr(point).isalnum() for point in range(0x10000)])


def word_count(text: str) -> int:
    """How many words `shapes.WORD` finds in a text, many times as fast: runs of letters and digits, but for those that
    only an apostrophe parts from the one before.
    """
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    if not len(points) or points.max() > 0xFFFF:
        return len(WORD.findall(text))
    inside = _word_characters()[points]
    runs = np.count_nonzero(inside[1:] > inside[:-1]) + int(inside[0])
    marks = np.flatnonzero((points[1:-1] == ord("'")) | (points[1:-1] == ord("’"))) + 1
    return int(runs - np.count_nonzero(inside[marks - 1] & inside[marks + 1]))


def _last_kind(kinds: npt.NDArray[np.uint8], stops: Ints) -> npt.NDArray[np.uint8]:
    """The class of each text's last character, looking past a closing quotation mark or bracket."""
    last = kinds[stops - 1]
    behind = (last == QUOTE) | (last == BRACKET)
    return np.where(behind, kinds[np.maximum(stops - 2, 0)], last).astype(np.uint8)
