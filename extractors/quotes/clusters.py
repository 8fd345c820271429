"""Quotes → quotations: which wordings are the same words, said once and printed differently.

Everything here is a question about two wordings, or about a set of pairs, so the answers do not depend on the order in
which pages come in. Blocking is by winnowed word n-grams (Schleimer, Wilkerson and Aiken, "Winnowing", SIGMOD 2003):
two texts with WINDOW + GRAM - 1 words in a row in common share a key, wherever in them these stand.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher
from hashlib import blake2b
from itertools import pairwise
from typing import Literal
from uuid import UUID
from zlib import crc32

import numpy as np
from rapidfuzz import fuzz
from rapidfuzz.distance import LCSseq

from extractors.quotes.persons import name_key
from extractors.quotes.vocabulary import words_of_file
from extractors.records import Variant, Wording, uuid_of

GRAM = 3  # words of a key
WINDOW = 4  # n-grams of which one is a key
RUN = 5  # words of a sketch's run
MIXER = np.uint64(0x9E3779B97F4A7C15)  # 2^64 by the golden ratio: every bit of a word reaches the upper ones
FEW_WORDS = 12  # texts this short have every n-gram as a key: a changed word spoils three of them
WHOLE = 1 << 63  # the bit of keys that stand for all the words

# How many words tell a line from others, by what is known of who said it. Anybody says "I don't know"; ten words in a
# row are said once. See docs/benchmarks.md.
SHORT = 5
UNKNOWN_SPEAKER = 8
OTHER_SPEAKER = 10
REWORDED_BY_OTHERS = 12

PART = 8  # words of an excerpt; fewer have to be half of the line, with MIN_CONTENT content words in them
MIN_CONTENT = 2

SIMILAR = 90  # rapidfuzz ratio of two wordings of one line, of 100
SAME_LENGTH = 0.75  # share of the longer's words, below which the shorter is a part of it
COVERED = 0.85  # share of the part's words that stand in the whole, in runs of at least RUN words
RUN = 3
WORDS_PER_RUN = 6  # in smaller pieces (or more than three) it is a text about the same, not a part
OMITTED = 4  # words between two runs, from which on they were left out and not merely changed
WORDS_PER_CHANGE = 20  # one content word of so many may be another
STEM = 3  # letters that forms of one word begin with

Kin = Literal["same", "unknown", "other"]

_WORD = re.compile(r"[぀-ヿ㐀-鿿]|[^\W_぀-ヿ㐀-鿿]+")  # characters that are words, and words
_SPELLINGS = tuple(
    (re.compile(pattern), full)
    for pattern, full in (
        (r"(?<=\d)[,.](?=\d{3}\b)", ""),
        (r"\bcannot\b|\bcant\b", "can not"),
        (r"\b(do|does|did|is|was|are|have|has|would|could|should)nt\b", r"\1 not"),
        (r"\bgonna\b", "going to"),
        (r"\bwanna\b", "want to"),
    )
)
_CONTRACTIONS = (
    *_SPELLINGS,
    *(
        (re.compile(pattern), full)
        for pattern, full in (
            (r"\bwon't\b", "will not"),
            (r"\bcan't\b", "can not"),
            (r"n't\b", " not"),
            (r"'re\b", " are"),
            (r"'ve\b", " have"),
            (r"'ll\b", " will"),
            (r"'m\b", " am"),
            (r"'s\b", " is"),  # or has, or the genitive: both sides of a comparison are treated alike
            (r"'d\b", " would"),
            (r"(?<!\w)'cause\b", "because"),
        )
    ),
)
_PREFIX = re.compile(r"^(?:un|in|im|il|ir|dis|non|mis)(?=\w{3})")


def wording_of(text: str, *, speaker: str | None, work_id: UUID | None, article_id: UUID) -> Wording:
    """What a quote is compared by. A short line that nobody is known to have said is a wording of its article alone."""
    words = folded(text)
    who = name_key(speaker) if speaker else None
    length = words.count(" ") + 1
    known = who and (work_id or " " in who)
    scope = "" if known or length >= SHORT else str(article_id)
    return Wording(
        wording_id=uuid_of("wording", words, who or "", str(work_id or ""), scope),
        words=words,
        speaker=who,
        work_id=work_id,
        keys=() if scope else _keys(words, length, who, work_id),
    )


def folded(text: str) -> str:
    """The words alone, lower case, contractions written out; the text itself if there is no word in it."""
    plain = re.sub("[’‘ʼ`´]", "'", unicodedata.normalize("NFKC", text).casefold())
    for pattern, full in _CONTRACTIONS if "'" in plain else _SPELLINGS:
        plain = pattern.sub(full, plain)
    return " ".join(_WORD.findall(plain)) or " ".join(plain.split())


def variant_of(one: Wording, other: Wording) -> Variant | None:
    """How two wordings of one line differ ("truncated": one is a part of the other), None if they are two lines."""
    kin, same_work = _kin(one.speaker, other.speaker), _same_work(one, other)
    if one.words == other.words:
        return "exact" if _is_same_line(one, kin, same_work=same_work) else None
    part, whole = sorted((one.words.split(), other.words.split()), key=len)
    if len(part) < _least_words(kin, same_work=same_work):
        return None
    common = LCSseq.similarity(part, whole, score_cutoff=int(len(part) * 0.6))
    near = common and len(part) >= SAME_LENGTH * len(whole) and fuzz.ratio(one.words, other.words) >= SIMILAR
    if near and _means_the_same(part, whole):
        return "reworded"
    return "truncated" if common >= COVERED * len(part) and _is_part(part, whole) else None


def families_of(lengths: Mapping[UUID, int], pairs: Iterable[tuple[UUID, UUID, Variant]]) -> dict[UUID, UUID]:
    """Each wording (with its number of words) → its quotation's id, which is the least id of the wordings in it.

    Exact and reworded pairs are joined, transitively. A part joins the whole it was taken from; if it stands in several
    quotations ("make it new" in three speeches), it is a quotation by itself and does not join them.
    """
    roots = {wording: wording for wording in lengths}
    parts: list[tuple[UUID, UUID]] = []
    for one, other, variant in pairs:
        if variant == "truncated":
            parts.append((one, other))
        else:
            _join(roots, one, other)
    return _with_parts(lengths, roots, parts)


def sketch_of(body: str) -> tuple[int, ...]:
    """A sample of an article's 5-word runs, sorted: near-identical texts have most of it in common (Broder, "On the
    resemblance and containment of documents", 1997). One run in eight, chosen by its hash.
    """
    words = " ".join(_WORD.findall(body.casefold())).encode("utf-8", "replace").split(b" ")
    if len(words) < RUN:
        return ()
    codes = np.fromiter(map(crc32, words), np.uint64, len(words))
    runs = np.zeros(len(words) - RUN + 1, np.uint64)
    for at in range(RUN):  # of all runs the first words, then the second ones, …
        runs = (runs + codes[at : at + len(runs)]) * MIXER
        runs ^= runs >> np.uint64(29)
    chosen: list[int] = np.unique(runs[runs >> np.uint64(61) == 0]).tolist()
    return tuple(chosen)


def _keys(words: str, length: int, who: str | None, work_id: UUID | None) -> tuple[int, ...]:
    if length >= UNKNOWN_SPEAKER:
        scopes = [""]
    else:
        scopes = [str(work_id)] if work_id else []
        scopes += [who] if who and " " in who else []
    whole = {_hash(f"{scope}\n{words}") | WHOLE for scope in scopes}
    return tuple(sorted(whole | (_gram_keys(words.split()) if length >= SHORT else set())))


def _gram_keys(words: list[str]) -> set[int]:
    grams = [_hash(" ".join(words[at : at + GRAM])) for at in range(len(words) - GRAM + 1)]
    if len(words) < FEW_WORDS:
        return set(grams)
    return {min(grams[at : at + WINDOW]) for at in range(len(grams) - WINDOW + 1)}


def _hash(text: str) -> int:
    return int.from_bytes(blake2b(text.encode("utf-8", "replace"), digest_size=8).digest(), "big") & (WHOLE - 1)


def _kin(one: str | None, other: str | None) -> Kin:
    if not one or not other:
        return "unknown"
    names = set(one.split()), set(other.split())
    return "same" if names[0] <= names[1] or names[1] <= names[0] else "other"


def _same_work(one: Wording, other: Wording) -> bool | None:
    return None if one.work_id is None or other.work_id is None else one.work_id == other.work_id


def _is_same_line(wording: Wording, kin: Kin, *, same_work: bool | None) -> bool:
    """Whether two lines of the same words are one line."""
    length = wording.words.count(" ") + 1
    if kin == "other":
        return length >= OTHER_SPEAKER
    if kin == "unknown":
        return length >= (SHORT if same_work else UNKNOWN_SPEAKER)
    if length < SHORT:
        return same_work is True or (same_work is None and " " in (wording.speaker or ""))
    return same_work is not False or length >= UNKNOWN_SPEAKER


def _least_words(kin: Kin, *, same_work: bool | None) -> int:
    """How many words the shorter of two different wordings needs to be recognised in the longer."""
    if kin == "other":
        return REWORDED_BY_OTHERS
    if kin == "unknown":
        return UNKNOWN_SPEAKER if same_work else OTHER_SPEAKER
    return UNKNOWN_SPEAKER if same_work is False else SHORT


def _means_the_same(one: list[str], other: list[str]) -> bool:
    """Whether what differs is neither a negation nor a number nor too many content words."""
    gaps = [(ours, theirs) for ours, theirs in _gaps(one, other, _runs(one, other)) if "".join(ours) != "".join(theirs)]
    if any(_turns(ours, theirs) for ours, theirs in gaps):
        return False
    return _changes(gaps) <= min(len(one), len(other)) // WORDS_PER_CHANGE


def _is_part(part: list[str], whole: list[str]) -> bool:
    # The longest common runs, not the longest common subsequence: that one may take the words from all over the whole.
    if len(part) < PART and (2 * len(part) < len(whole) or len(_content(part)) < MIN_CONTENT):
        return False
    blocks = SequenceMatcher(None, whole, part, autojunk=False).get_matching_blocks()
    runs = [(block.b, block.a, block.size) for block in blocks if block.size >= RUN]
    if sum(length for _, _, length in runs) < COVERED * len(part) or len(runs) > max(3, len(part) // WORDS_PER_RUN):
        return False
    first, *between, last = _gaps(part, whole, runs)
    changed = [(ours, theirs if len(theirs) < OMITTED else []) for ours, theirs in between]
    return (
        not any(_turns(ours, theirs) for ours, theirs in [*changed, (first[0], []), (last[0], [])])
        and _changes(changed) <= len(part) // WORDS_PER_CHANGE
    )


def _runs(one: list[str], other: list[str]) -> list[tuple[int, int, int]]:
    """Words in common, in order, as (place in one, place in the other, number of words)."""
    codes = LCSseq.opcodes(one, other)
    return [(c.src_start, c.dest_start, c.src_end - c.src_start) for c in codes if c.tag == "equal"]


def _gaps(one: list[str], other: list[str], runs: list[tuple[int, int, int]]) -> list[tuple[list[str], list[str]]]:
    """What stands before, between and after the runs."""
    ends = [(0, 0, 0), *runs, (len(one), len(other), 0)]
    return [
        (one[at + length : next_at], other[there + length : next_there])
        for (at, there, length), (next_at, next_there, _) in pairwise(ends)
    ]


def _turns(ours: list[str], theirs: list[str]) -> bool:
    """Whether a difference turns the sense: a negation, a number, an opposite on one side only."""
    if sorted(_turning(ours)) != sorted(_turning(theirs)):
        return True
    opposites = {_PREFIX.sub("", word) for word in ours} ^ {_PREFIX.sub("", word) for word in theirs}
    return not opposites and set(ours) != set(theirs)


def _turning(words: list[str]) -> list[str]:
    return [word for word in words if word in words_of_file("turning.txt") or any(letter.isdigit() for letter in word)]


def _content(words: list[str]) -> list[str]:
    return [
        word for word in words if word not in words_of_file("function.txt") and word not in words_of_file("turning.txt")
    ]


def _changes(gaps: Iterable[tuple[list[str], list[str]]]) -> int:
    """How many content words were exchanged for others, not counting other forms of them."""
    return sum(
        not any(word[:STEM] == their[:STEM] for their in theirs)
        for ours, theirs in gaps
        if theirs
        for word in _content(ours)
    )


def _with_parts(
    lengths: Mapping[UUID, int], roots: dict[UUID, UUID], parts: Iterable[tuple[UUID, UUID]]
) -> dict[UUID, UUID]:
    """The wordings with each family of parts added to the only one that has the whole; the longest families first."""
    longest: dict[UUID, int] = defaultdict(int)
    for wording, length in lengths.items():
        family = _root(roots, wording)
        longest[family] = max(longest[family], length)
    order = {family: place for place, family in enumerate(sorted(longest, key=lambda f: (-longest[f], f)))}
    wholes: dict[UUID, set[UUID]] = defaultdict(set)
    for pair in parts:
        whole, part = sorted((_root(roots, wording) for wording in pair), key=order.__getitem__)
        if whole != part:
            wholes[part].add(whole)
    for part in sorted(wholes, key=order.__getitem__):
        found = {_root(roots, whole) for whole in wholes[part]}
        if len(found) == 1:
            _join(roots, part, found.pop())
    return {wording: _root(roots, wording) for wording in lengths}


def _join(roots: dict[UUID, UUID], one: UUID, other: UUID) -> None:
    low, high = sorted((_root(roots, one), _root(roots, other)))
    roots[high] = low


def _root(roots: dict[UUID, UUID], wording: UUID) -> UUID:
    while (above := roots[wording]) != wording:
        roots[wording] = roots[above]
        wording = above
    return wording
