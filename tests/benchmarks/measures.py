"""Accuracy of extracted articles: 4-gram shingles as in the public article-extraction benchmark, metadata by equality.

An independent implementation; figures agree with the scorer that the data came with.
"""

import re
import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

SHINGLE = 4
WORD = re.compile(r"[぀-ヿ㐀-鿿가-힯]|[^\W぀-ヿ㐀-鿿가-힯]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a tool found on a page."""

    body: str
    title: str | None = None
    authors: tuple[str, ...] = ()
    published: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the page's labels say; a missing field is not scored."""

    body: str
    title: str | None
    authors: tuple[str, ...]
    published: str | None
    must: tuple[str, ...]
    must_not: tuple[str, ...]


def shingles(text: str) -> Counter[tuple[str, ...]]:
    """The 4-grams of lower-case words; a shorter text is one gram."""
    words = WORD.findall(text.lower())
    return (
        Counter(tuple(words[i : i + SHINGLE]) for i in range(max(1, len(words) - SHINGLE + 1))) if words else Counter()
    )


def measures(pairs: Sequence[tuple[Found, Wanted]]) -> dict[str, float | None]:
    """Macro F over pages, and the shares of right titles, authors, dates, of wanted and of leaked snippets."""
    precision, recall = [], []
    for found, wanted in pairs:
        have, want = shingles(found.body), shingles(wanted.body)
        common = (have & want).total()
        if have:
            precision.append(common / have.total())
        recall.append(common / want.total() if want else 0.0)
    p, r = statistics.mean(precision or [0.0]), statistics.mean(recall or [0.0])
    bodies = [_plain(found.body) for found, _ in pairs]
    return {
        "F": 2 * p * r / (p + r) if p + r else 0.0,
        "P": p,
        "R": r,
        "title": _share([_same_title(found.title, wanted.title) for found, wanted in pairs if wanted.title]),
        "author": _share([_same_author(found.authors, wanted.authors) for found, wanted in pairs if wanted.authors]),
        "date": _share(
            [(found.published or "")[:10] == wanted.published[:10] for found, wanted in pairs if wanted.published]
        ),
        "must": _share(
            [_plain(text) in body for body, (_, wanted) in zip(bodies, pairs, strict=True) for text in wanted.must]
        ),
        "leaks": _share(
            [
                _plain(text) in body
                for body, (_, wanted) in zip(bodies, pairs, strict=True)
                for text in wanted.must_not
                if _plain(text)
            ]
        ),
    }


def _share(values: Sequence[bool]) -> float | None:
    return sum(values) / len(values) if values else None


def _plain(text: str | None) -> str:
    return " ".join(re.findall(r"\w+", (text or "").lower()))


def _same_title(found: str | None, wanted: str | None) -> bool:
    short, long = sorted((_plain(found), _plain(wanted)), key=len)
    return bool(short) and (short == long or (short in long and len(short) >= len(long) / 2))


def _same_author(found: Sequence[str], wanted: Sequence[str]) -> bool:
    have = [set(_plain(name).split()) for name in found if _plain(name)]
    want = [set(_plain(name).split()) for name in wanted if _plain(name)]
    return any(a <= b or b <= a for a in have for b in want)
