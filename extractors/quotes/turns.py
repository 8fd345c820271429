"""Who talks with whom where a page tells a story: paragraphs of dialogue, a speaker each."""

from collections.abc import Mapping, Sequence

from extractors.quotes.join import Placed
from extractors.quotes.passages import Passage
from extractors.quotes.scan import words_of
from extractors.quotes.strangers import STRANGER
from extractors.quotes.vocabulary import Gender

MIN_TURNS = 3  # paragraphs that begin with a mark and follow another such
MAX_WORDS = 30  # words of a paragraph's first quote, in the middle of the page; statements to newspapers are longer
MIN_LIVELY = 0.12  # share of quotes that end in a question or exclamation mark
RECENT = 8  # quotes before, among whose speakers the one who answers is looked for
MAX_PAUSE = 2  # paragraphs after which nobody answers any more


def is_dialogue(placed: Sequence[Placed], passages: Sequence[Passage]) -> bool:
    """Does the page tell a story in which people talk by turns, rather than report statements?"""
    first: dict[int, Placed] = {}
    for item in placed:
        if passages[item.passage].begins_at(item.span.opens):
            first.setdefault(item.passage, item)
    turns = [item for number, item in first.items() if number - 1 in first or number + 1 in first]
    if len(turns) < MIN_TURNS:
        return False
    texts = [passages[item.passage].text[item.span.start : item.span.stop] for item in turns]
    lengths = sorted(words_of([text]) for text in texts)
    lively = sum(text.rstrip()[-1:] in "?!" for text in texts) / len(texts)
    return lengths[len(lengths) // 2] <= MAX_WORDS and lively >= MIN_LIVELY


def answerer(
    spoken: Sequence[tuple[int, str | None, str]], passage: int, gender: Mapping[str, Gender] | None = None
) -> str | None:
    """Whose turn it is in `passage`, after what was `spoken`: (passage, speaker, words) in order. By `gender` a stranger
    may be somebody whose name was told later.
    """
    if not spoken or passage - spoken[-1][0] > MAX_PAUSE or spoken[-1][1] is None:
        return None
    last = spoken[-1][1]
    for at, speaker, _ in reversed(spoken[-RECENT:]):
        if speaker and not _same(speaker, last, gender or {}) and passage - at <= RECENT * 2:
            return speaker
    return None


def _same(one: str, other: str, gender: Mapping[str, Gender]) -> bool:
    return one == other or STRANGER + gender.get(one, "") == other or STRANGER + gender.get(other, "") == one
