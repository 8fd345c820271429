"""What a block looks like by itself: sentence, heading, script line, furniture… Pure functions of its text."""

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from extractors.memory import REMEMBERED
from extractors.records import Block

RESERVED = "all rights reserved"
WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
SENTENCE_END = re.compile(r"[.!?…。！？][\"'”’»)\]*]*$")
INNER_SENTENCE = re.compile(r"[a-z0-9\"”’)][.!?][\"”’)]* [\"“‘(]?[A-Z]")
TEASER_END = re.compile(r"(?:…\.|\.{4}|[:;,]\.|\.\.)$")
LOWERED = re.compile(r"[a-z”’)][.!?…] [a-z‘“]")
STAGE_ONLY = re.compile(r"\[[^\[\]]{1,300}\]$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """A block's own signs: `words` counted, whether it ends and reads like prose, is furniture, a
    teaser cut off in the middle or headlines run together.
    """

    words: int
    sentence_end: bool
    sentences: bool
    furniture: bool
    cut: bool
    headlines: bool
    title_case: float


@cache
def furniture_pattern() -> re.Pattern[str]:
    """The page furniture of furniture.txt as one pattern, for lines in lower case."""
    lines = (files("extractors.blocks") / "furniture.txt").read_text("utf-8").splitlines()
    return re.compile("|".join(line for line in lines if line and not line.startswith("#")))


MAX_FURNITURE = 200  # characters; furniture is short
MAX_ASIDE = 400
RESERVED_WITHIN = 100  # characters before which a line says that all rights are reserved


@lru_cache(maxsize=REMEMBERED)
def is_furniture(text: str) -> bool:
    """Does the line begin with wording that sites put around articles? Remembered, since a site repeats its lines."""
    if len(text) > MAX_FURNITURE:
        return False
    low = text.lower()
    return furniture_pattern().match(low) is not None or RESERVED in low[:RESERVED_WITHIN]


@cache
def aside_patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """(a word that has to be there, the expression) of each line of asides.txt, for text in lower case."""
    lines = (files("extractors.blocks") / "asides.txt").read_text("utf-8").splitlines()
    parts = [line.partition("\t") for line in lines if line and not line.startswith("#")]
    return tuple((word, re.compile(expression)) for word, _, expression in parts)


def is_aside(text: str) -> bool:
    """Is it a short paragraph in which a site speaks for itself: what it earns, its letters, what readers shall do?"""
    if len(text) > MAX_ASIDE:
        return False
    low = text.lower()
    return any(pattern.search(low) for pattern in [pattern for word, pattern in aside_patterns() if word in low])


def shape_of(block: Block) -> Shape:
    """The signs of one block."""
    text = block.text
    words = WORD.findall(text[:4000])
    end = bool(SENTENCE_END.search(text))
    inner = bool(INNER_SENTENCE.search(text))
    return Shape(
        words=len(words) if len(text) <= 4000 else len(text) // 6,
        sentence_end=end,
        sentences=end and inner,
        furniture=is_furniture(text),
        cut=_is_cut(text, inner=inner),
        headlines=not inner and _is_row(text, words),
        title_case=sum(word[0].isupper() for word in words) / len(words) if words else 0.0,
    )


def _is_cut(text: str, *, inner: bool) -> bool:
    """Ends in "…." or "..", or goes on in lower case after a full stop: a teaser that a farm cut and lower-cased."""
    return bool(TEASER_END.search(text)) or (not inner and bool(LOWERED.search(text)))


def _is_row(text: str, words: list[str]) -> bool:
    """Headlines joined by commas: no sentence inside and fewer function words than any prose."""
    commas = text.count(", ")
    if len(words) < MIN_ROW_WORDS or not commas:
        return False
    share = sum(word.lower() in FUNCTION_WORDS for word in words) / len(words)
    return share < (MIN_FUNCTION_WORDS if commas > 1 else MIN_FUNCTION_WORDS_ONE_COMMA)


FUNCTION_WORDS = frozenset(
    [
        "a",
        "an",
        "the",
        "and",
        "or",
        "but",
        "of",
        "to",
        "in",
        "on",
        "at",
        "by",
        "for",
        "from",
        "with",
        "as",
        "is",
        "are",
        "was",
        "were",
        "be",
        "been",
        "has",
        "have",
        "had",
        "do",
        "does",
        "did",
        "not",
        "it",
        "its",
        "he",
        "she",
        "they",
        "we",
        "you",
        "i",
        "his",
        "her",
        "their",
        "our",
        "your",
        "this",
        "that",
        "these",
        "those",
        "which",
        "who",
        "what",
        "when",
        "there",
        "than",
        "then",
        "so",
        "if",
    ]
)
MIN_FUNCTION_WORDS = 0.28  # English prose has .35 to .5, a row of headlines .1 to .25
MIN_FUNCTION_WORDS_ONE_COMMA = 0.2
MIN_ROW_WORDS = 12
