"""Is a piece of a page an article? Numbers of the piece as a whole, for the classifier that decides."""

from functools import cache

import numpy as np
import numpy.typing as npt

from extractors.blocks.declared import declared_features, undeclared
from extractors.blocks.document import Document
from extractors.blocks.elements import BITS
from extractors.blocks.lines import Lines
from extractors.blocks.textstats import Floats, word_hashes

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


def piece_features(document: Document, scores: Floats, *, blind: bool = False) -> npt.NDArray[np.float32]:
    """One row for a document or a piece of one: TEXT_NAMES, and for HTML what its head declares. `scores` are the block
    classifier's for its blocks; `blind` leaves out what the head says, as for a piece, which has none.
    """
    row = _text_features(document, scores)
    if not document.tree.labels:
        return row
    head = undeclared() if blind or document.head.is_silent else declared_features(document.head)
    return np.hstack([row, head[None]]).astype(np.float32)


def _text_features(document: Document, scores: Floats) -> npt.NDArray[np.float32]:
    blocks = document.blocks
    if not blocks:
        return np.zeros((1, len(TEXT_NAMES)), np.float32)
    lines = document.lines
    texts, words, links = lines.texts, lines.words, lines.links
    content = scores >= CONTENT
    chosen = np.flatnonzero(content)
    total, inside = max(1.0, float(words.sum())), max(1.0, float(words[content].sum()))
    joined = "\n".join(texts)[:MAX_COUNTED]
    paragraphs = words[content & (words >= 12)]
    sure = float(words[scores >= 0.8].sum()) / inside
    runs = np.split(chosen, np.flatnonzero(np.diff(chosen) > 3) + 1) if len(chosen) else []
    tags = [blocks[i].tag for i in chosen]
    row = [
        total,
        len(blocks),
        inside,
        len(chosen),
        inside / total,
        float((scores * words).sum()) / total,
        sure,
        max((float(words[run].sum()) for run in runs), default=0.0),
        len(runs),
        len(paragraphs),
        float(paragraphs.mean()) if len(paragraphs) else 0.0,
        float(np.median(paragraphs)) if len(paragraphs) else 0.0,
        float((paragraphs >= 40).sum()),
        _share(tags, ("li",)),
        _share(tags, ("tr", "td", "dt", "dd")),
        _share(tags, ("h1", "h2", "h3", "h4")),
        float(lines.headings.sum()),
        float((words * links).sum()) / total,
        float((words * links)[content].sum()) / inside,
        float(words[content & (lines.stat("ends_sentence") > 0)].sum()) / inside,
        float(lines.h1.sum()),
        float(lines.dated.sum()),
        float(lines.bylines.sum()),
        float(lines.ends.sum()),
        float(lines.starts.sum()),
        sum(map(joined.count, CURRENCIES)),
        sum(map(joined.count, CODE_SIGNS)) / inside,
        *_counted(lines, content, inside),
        joined.count("?") / inside,
        1 - len(set(texts)) / len(texts),
        chosen[0] / len(blocks) if len(chosen) else 1.0,
        chosen[-1] / len(blocks) if len(chosen) else 0.0,
        sum(block.marker[:1].isdigit() for block in blocks),
        *(float((lines.stat(name) * words)[content].sum()) / inside for name in STAT_NAMES),
        *_flag_shares(document, words, content, inside),
    ]
    return np.array([row], np.float32)


def _share(tags: list[str], wanted: tuple[str, ...]) -> float:
    return sum(tag in wanted for tag in tags) / max(1, len(tags))


@cache
def _wanted() -> tuple[tuple[int, ...], ...]:
    return tuple(tuple(np.unique(word_hashes([" ".join(words)])[1]).tolist()) for words in COUNTED.values())


def _counted(lines: Lines, content: npt.NDArray[np.bool_], inside: float) -> list[float]:
    """How often the content says the words of each count, by its length."""
    owner, hashed = lines.hashes
    said = hashed[content[owner]]
    return [float(sum(np.count_nonzero(said == word) for word in wanted)) / inside for wanted in _wanted()]


def _flag_shares(document: Document, words: Floats, content: npt.NDArray[np.bool_], inside: float) -> list[float]:
    """The share of the content that stands inside comments, forum posts, products and the like."""
    tree = document.tree
    if not tree.labels:
        return [0.0] * len(_FLAGS)
    own, above = tree.bits
    flags = (own | above)[tree.arrays.leaves]
    return [float(words[content & ((flags >> BITS.index(name)) & 1 > 0)].sum()) / inside for name in _FLAGS]
