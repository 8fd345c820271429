"""Who acts in a text without a name: "a woman", "the teenager". A pronoun behind them means nobody else."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from extractors.quotes.genders import NEAR, VOTES, gender_of_pronoun
from extractors.quotes.names import STARTS
from extractors.quotes.roles import NO_ROLE, gender_of_noun
from extractors.quotes.vocabulary import Gender, Vocabulary, words_of_file

STRANGER = "?"  # begins what stands for somebody without a name: "?f" for "his wife", "?man" for "the man"
PLURAL = frozenset(("they", "we", "it", "you", "this", "that"))
DETERMINED = re.compile(r"\b(?P<first>[Aa]n?|[Oo]ne|[Aa]nother|[Tt]he) (?P<rest>(?:[\w’'-]+ ){1,5})")
MAX_QUALIFIERS = 3  # words between the article and the noun


@dataclass(frozen=True, slots=True, kw_only=True)
class Stranger:
    """A role as the subject of a sentence at a place of the body; `who` is "?" and a gender or the noun."""

    at: int
    who: str
    written: str
    gender: Gender | None
    speaks: bool


def stranger(written: str) -> str | None:
    """What stands for a speaker who has no name, so that others can answer: by gender, else by the role's noun."""
    noun = written.removeprefix(STRANGER).rsplit(maxsplit=1)[-1].lower()
    gender = {"he": "m", "she": "f"}.get(noun) or gender_of_noun(noun)
    return STRANGER + (gender or noun) if noun not in PLURAL else None


def strangers_in(masked: str, place: int, words: Vocabulary) -> Iterator[Stranger]:
    """The roles in a text that begins at `place` of the body, where they begin a sentence or say something."""
    for match in DETERMINED.finditer(masked):
        rest = match["rest"].split()
        number = next((n for n, word in enumerate(rest[: MAX_QUALIFIERS + 1]) if _is_person(word, words)), None)
        if number is None or any(not word[0].islower() and not word[0].isdigit() for word in rest[: number + 2]):
            continue
        speaks = number + 1 < len(rest) and rest[number + 1].lower() in words.cues
        if speaks or STARTS.search(masked[max(0, match.start() - 24) : match.start()]):
            written = " ".join((match["first"], *rest[: number + 1]))
            behind = match.start("rest") + len(" ".join(rest[: number + 1]))
            gender = gender_of_noun(rest[number]) or _called(masked[behind : behind + NEAR])
            who = STRANGER + (gender or rest[number])
            yield Stranger(at=place + match.start(), who=who, written=written, gender=gender, speaks=speaks)


def _called(behind: str) -> Gender | None:
    """The gender of the first pronoun in the rest of the sentence."""
    match = VOTES.search(re.split(r"[.!?]", behind, maxsplit=1)[0])
    return gender_of_pronoun(match[0]) if match else None


def _is_person(word: str, words: Vocabulary) -> bool:
    return word in words.roles and not (
        word in words.documents or word in words_of_file("en_bodies.txt") or word in NO_ROLE or word.endswith("s")
    )
