"""Is a piece of a page an article? Numbers of the piece as a whole, for the classifier that decides."""

from functools import cache

import numpy as np
import numpy.typing as npt

from extractors.blocks.declared import declared_features, undeclared
from extractors.blocks.document import Document
from extractors.blocks.lines import Flags, tag_numbers
from extractors.blocks.stack import Stack
from extractors.blocks.textstats import STATS, Floats, Ints, word_hashes

CONTENT = 0.4
# Words that tell a shop, a manual, a thread and a report apart, by what they are counted as.
COUNTED = {
    "ago": ("ago",),
    "person": ("i", "you", "your", "my", "we", "our"),
    "past": ("said", "says", "was", "were", "had", "told", "according"),
    "code": ("def", "class", "import", "return", "function", "install", "parameter", "click", "select"),
}
CURRENCIES = "$€£"
MAX_COUNTED = 60_000  # characters in which signs are counted
CODE_SIGNS = ("{", "}", "();", "=>", "::")
_SHARES = tuple(tag_numbers(*tags) for tags in (("li",), ("tr", "td", "dt", "dd"), ("h1", "h2", "h3", "h4")))
RUN_GAP = 3  # blocks from one of text to the next within one run
MIN_PARAGRAPH, LONG_PARAGRAPH = 12, 40  # words
SURE = 0.8
_FLAGS = ("comment", "forum", "product", "docs", "related", "article", "title", "nav", "side")
STAT_NAMES = (
    "mean_word",
    "capitals",
    "short_words",
    "digits",
    "commas",
    "brackets",
    "bars",
    "signs",
    "wide",
    "upper",
    "words_per_stop",
    "quotes",
    "colons",
)

TEXT_NAMES = (
    "words",
    "blocks",
    "content_words",
    "content_blocks",
    "content_share",
    "mean_score",
    "sure_share",
    "longest_run_words",
    "runs",
    "paragraphs",
    "mean_paragraph",
    "median_paragraph",
    "long_paragraphs",
    "list_share",
    "table_share",
    "heading_share",
    "heading_count",
    "link_share",
    "content_link_share",
    "sentence_share",
    "h1s",
    "dates",
    "bylines",
    "ends",
    "starts",
    "prices",
    "code_signs",
    *COUNTED,
    "questions",
    "repeated",
    "first_content_place",
    "last_content_place",
    "numbered",
    *(f"content_{name}" for name in STAT_NAMES),
    *(f"share_in_{name}" for name in _FLAGS),
)


def piece_features(stack: Stack, scores: Floats, *, blind: bool = False) -> npt.NDArray[np.float32]:
    """One row for each document, a page or a piece of one: TEXT_NAMES, and for HTML what its head declares. `scores` are
    the block classifier's for its blocks; `blind` leaves out what heads say, as for a piece, which has none.
    """
    rows = _text_features(stack, scores)
    if stack.elements is None:
        return rows.astype(np.float32)
    heads = [document.head for document in stack.documents]
    declared = [undeclared() if blind or head.is_silent else declared_features(head) for head in heads]
    return np.hstack([rows, declared]).astype(np.float32)


def _text_features(stack: Stack, scores: Floats) -> Floats:
    words, links, sums, count = stack.words, stack.links, stack.sums, stack.sizes
    content = scores >= CONTENT
    text = words * content
    chosen = sums(content)
    total, inside = np.maximum(1.0, sums(words)), np.maximum(1.0, sums(text))
    paragraphs = content & (words >= MIN_PARAGRAPH)
    paragraph_count = sums(paragraphs)
    places = (stack.index - stack.first) / count[stack.owner]
    longest, runs = _runs(stack, content)
    signs = np.array([_signs(document) for document in stack.documents], float)
    columns = [
        total,
        count,
        inside,
        chosen,
        inside / total,
        sums(scores * words) / total,
        sums(words * (scores >= SURE)) / inside,
        longest,
        runs,
        paragraph_count,
        sums(words * paragraphs) / np.maximum(1, paragraph_count),
        _medians(stack, paragraphs),
        sums(paragraphs & (words >= LONG_PARAGRAPH)),
        *(sums(content & stack.tagged(tags)) / np.maximum(1, chosen) for tags in _SHARES),
        sums(stack.headings),
        sums(words * links) / total,
        sums(text * links) / inside,
        sums(text * (stack.stat("ends_sentence") > 0)) / inside,
        sums(stack.h1),
        *(sums(stack.sign(name)) for name in ("dated", "bylines", "ends", "starts")),
        signs[:, 0],
        signs[:, 1] / inside,
        *(_counted(stack, content) / inside),
        signs[:, 2] / inside,
        signs[:, 3],
        np.minimum(1.0, np.minimum.reduceat(np.where(content, places, 1.0), stack.edges[:-1])),
        np.maximum.reduceat(np.where(content, places, 0.0), stack.edges[:-1]),
        signs[:, 4],
        *(sums(stack.stats[:, _STATS] * text[:, None]) / inside[:, None]).T,
        *(sums(text[:, None] * stack.called(_FLAGS)) / inside[:, None]).T,
    ]
    return np.column_stack(columns)


_STATS = [STATS.index(name) for name in STAT_NAMES]


def _signs(document: Document) -> tuple[float, ...]:
    """(currencies, signs of code, question marks, the share of lines that come again, numbered items) of a document."""
    texts = document.lines.texts
    joined = "\n".join(texts)[:MAX_COUNTED]
    return (
        sum(map(joined.count, CURRENCIES)),
        sum(map(joined.count, CODE_SIGNS)),
        joined.count("?"),
        1 - len(set(texts)) / len(texts),
        sum(block.marker[:1].isdigit() for block in document.blocks),
    )


def _runs(stack: Stack, content: Flags) -> tuple[Floats, Ints]:
    """(the words of the longest run of text, the number of runs) of each document."""
    chosen = np.flatnonzero(content)
    if not len(chosen):
        return np.zeros(len(stack.documents)), np.zeros(len(stack.documents), np.int64)
    owner = stack.owner[chosen]
    begins = np.flatnonzero(np.append(True, (np.diff(chosen) > RUN_GAP) | (np.diff(owner) > 0)))
    longest = np.zeros(len(stack.documents))
    np.maximum.at(longest, owner[begins], np.add.reduceat(stack.words[chosen], begins))
    return longest, np.bincount(owner[begins], minlength=len(stack.documents))


def _medians(stack: Stack, paragraphs: Flags) -> Floats:
    """The median words of each document's paragraphs, 0 if it has none."""
    found = [
        np.sort(words[some]) for words, some in zip(stack.split(stack.words), stack.split(paragraphs), strict=True)
    ]
    return np.array([(some[len(some) // 2] + some[(len(some) - 1) // 2]) / 2 if len(some) else 0.0 for some in found])


@cache
def _wanted() -> tuple[Ints, Ints]:
    """The hashes of all words that are counted, in order, and the place of what each counts for among COUNTED."""
    number, hashed = word_hashes([" ".join(words) for words in COUNTED.values()])
    order = np.argsort(hashed)
    return hashed[order], number[order]


def _counted(stack: Stack, content: Flags) -> Floats:
    """How often the content says the words of each count: (COUNTED × documents)."""
    wanted, number = _wanted()
    owner, hashed = stack.hashes
    place = np.searchsorted(wanted, hashed).clip(max=len(wanted) - 1)
    said = np.flatnonzero((wanted[place] == hashed) & content[owner])
    cell = number[place[said]] * len(stack.documents) + stack.owner[owner[said]]
    size = len(COUNTED) * len(stack.documents)
    return np.bincount(cell, minlength=size).reshape(len(COUNTED), -1).astype(float)
