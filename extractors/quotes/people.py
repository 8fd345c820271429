"""The people of one article: full names for surnames and first names, their gender, and whom a pronoun means."""

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import cache, cached_property
from importlib.resources import files
from typing import Literal

from extractors.quotes.grammar import NAME, NO_NAMES, TITLES, patterns, role_nouns
from extractors.quotes.passages import Passage

Gender = Literal["m", "f"]
PRONOUNS = frozenset(("he", "she", "they", "i", "we", "it", "him", "her", "them"))
GENDER_OF: dict[str, Gender] = {"he": "m", "him": "m", "his": "m", "she": "f", "her": "f", "hers": "f"}
PRONOUN = re.compile(r"\b(?:[Hh]e|[Ss]he|[Hh]is|[Hh]im|[Hh]ers?)\b")
HONORIFIC: dict[str, Gender] = {
    "mr": "m",
    "sir": "m",
    "lord": "m",
    "king": "m",
    "prince": "m",
    "mrs": "f",
    "ms": "f",
    "dame": "f",
    "lady": "f",
    "queen": "f",
    "princess": "f",
}
BACK = 1500  # characters before a pronoun in which its antecedent is looked for
NEAR = 160  # characters after a name in which a pronoun is a vote on its gender
FADE = 150.0  # characters over which a mention loses as much weight as being a subject gives
SUBJECT, KNOWN, SPEAKS, LAST_SPEAKER = 1.0, 1.5, 1.0, 1.0
MIN_SHORT = 3  # letters of a short form
MIN_VOTES = 3  # pronouns near a name that must agree on its gender
MIN_MENTIONS = 2
_TITLE = re.compile(rf"^(?:{TITLES})+")
_INNER = re.compile(r"^.*\b(?:Rep|Sen|Gov)\. (?=[A-Z])")  # "Missouri Rep. Jane Roe"
_SENTENCE_START = re.compile(r"(?:^|[.!?…:\n]\s*[\"“‘(]*|[\"“‘]\s*|^- )$")
_PERFORMER = re.compile(r"(?:\(\s*|\b(?:played|portrayed|voiced|performed|sung) by )$")


@cache
def first_names() -> dict[str, Gender]:
    """Common first names, lower case, with the gender they mostly have."""
    folder = files("extractors.quotes") / "words"
    found: dict[str, Gender] = dict.fromkeys((folder / "first_names_male.txt").read_text("utf-8").split(), "m")
    for name in (folder / "first_names_female.txt").read_text("utf-8").split():
        if name in found:
            del found[name]
        else:
            found[name] = "f"
    return found


class People:
    """Everybody named in an article, in order of place."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self._found = [item for passage in passages if not passage.heading for item in _names_in(passage)]
        inside = Counter(name for _, name, at_start, _ in self._found if not at_start)
        self.mentions = [
            (at, kept, performer)
            for at, name, at_start, performer in self._found
            if (kept := _without_sentence_word(name, at_start=at_start, inside=inside))
        ]
        self.starts = frozenset(at for at, _, at_start, _ in self._found if at_start)
        self.counts = Counter(name for _, name, _ in self.mentions)
        self.performers = frozenset(name for _, name, performer in self.mentions if performer)
        self.full = self._full_names()
        self._passages = passages
        self.places = [at for at, _, _ in self.mentions]
        self.gender = self._genders(passages)

    def _full_names(self) -> dict[str, str]:
        """A part of a name → the full name that holds it, unless two people share it. Performers named in brackets
        behind their character are no full form of the character.
        """
        owners: dict[str, list[str]] = defaultdict(list)
        for name, _ in sorted(self.counts.items(), key=lambda item: (-item[1], item[0])):
            words = name.split()
            if 2 <= len(words) <= 4 and name not in self.performers:
                for part in {words[0], words[-1], " ".join(words[-2:])} - {name}:
                    owners[part].append(name)
        known = {part: max(names, key=lambda name: self._fits(part, name)) for part, names in owners.items()}
        return known | self._short_forms(known)

    def _short_forms(self, known: dict[str, str]) -> dict[str, str]:
        """Short forms ("Theo" beside "Theodore Lee"): a name that only begins the first name of one person is theirs."""
        fulls = set(known.values())
        short: dict[str, str] = {}
        for name in self.counts:
            if len(name) >= MIN_SHORT and " " not in name and name not in known:
                owners = [full for full in fulls if full.startswith(name) and full.split()[0] != name]
                if len(owners) == 1:
                    short[name] = owners[0]
        return short

    @cached_property
    def speaking(self) -> frozenset[str]:
        """Names that are the subject of a verb of speech somewhere: people and bodies that can speak."""
        found = {
            _clean(match["np"]) for name in ("says", "inverted") for match in patterns()[name].finditer(self.text)
        }  # fmt: skip
        return frozenset(found | {self.full[name] for name in found if name in self.full})

    @cached_property
    def text(self) -> str:
        """All passages, a line each."""
        return "\n".join(passage.text for passage in self._passages)

    def _fits(self, part: str, full: str) -> tuple[bool, bool, int]:
        """A surname stands last and a first name first; an organisation called after somebody begins with the surname."""
        first = full.split(maxsplit=1)[0].lower() in first_names()
        return first, full.endswith(part) or part.lower() in first_names(), self.counts[full]

    def _genders(self, passages: Sequence[Passage]) -> dict[str, Gender]:
        votes: dict[str, Counter[Gender]] = defaultdict(Counter)
        for passage in passages:
            for match in PRONOUN.finditer(passage.text):
                place = passage.start + match.start()
                last = bisect_left(self.places, place) - 1
                if last >= 0 and self.places[last] >= max(passage.start, place - NEAR):
                    name = self.mentions[last][1]
                    votes[self.full.get(name, name)][GENDER_OF[match[0].lower()]] += 1
        genders: dict[str, Gender] = {}
        for name in self.counts:
            full = self.full.get(name, name)
            known = first_names().get(full.split()[0].lower())
            counted = votes[full]
            top = counted.most_common(1)[0] if counted else None
            if known:
                genders[name] = known
            elif top and top[1] >= max(MIN_VOTES, 3 * (counted.total() - top[1])):
                genders[name] = top[0]
        return genders

    def canonical(self, written: str | None, place: int, last_speaker: str | None) -> str | None:
        """The full name behind what is written at `place`; None for pronouns and roles that lead nowhere."""
        if not written:
            return None
        if written.lower() in PRONOUNS:
            return self._antecedent(written.lower(), place, last_speaker)
        name = _clean(written)
        first = name.split()[0].lower() if name else ""
        if not name or name[0].islower() or first in ARTICLES:
            return name if first == "the" and re.match(r"[Tt]he [A-Z]", name) else self._named_role(name)
        name = _without_sentence_word(name, at_start=True, inside=self.counts) or name
        return self.full.get(name, name)

    def _named_role(self, written: str) -> str | None:
        """Who "the director" is, where the page says "director Jane Roe" or "Jane Roe, the director of …"."""
        noun = written.rsplit(maxsplit=1)[-1].lower() if written else ""
        if noun not in role_nouns():
            words = [word.lower() for word in written.split()]
            noun = next((word for word in words if word in role_nouns()), "")
        if not noun:
            return None
        escaped = re.escape(noun)
        for pattern in (  # capitalised at the beginning of a sentence: "Director and writer Jane Roe"
            rf"\b{noun.capitalize()}(?: and \w+)? (?P<np>{NAME})",
            rf"\b{escaped} (?P<np>{NAME})",
            rf"(?P<np>{NAME}),? (?:the|an?|who is|is|was)\b[^.,;]{{0,60}}\b{escaped}\b",
            rf"\b{escaped} (?:by|from|of|for) (?:the )?(?P<np>{NAME})",
            rf"(?P<np>{NAME})[’']s? [^.,;]{{0,30}}\b{escaped}\b",
        ):
            match = re.search(pattern, self.text)
            name = _clean(match["np"]) if match else ""
            while name and name.partition(" ")[0] in NO_NAMES:
                name = name.partition(" ")[2]
            if name:
                return self.full.get(name, name)
        return None

    def _antecedent(self, pronoun: str, place: int, last_speaker: str | None) -> str | None:
        if pronoun not in GENDER_OF:
            return last_speaker if pronoun in ("i", "they") else None
        wanted = GENDER_OF[pronoun]
        first, last = bisect_left(self.places, place - BACK), bisect_left(self.places, place)
        weights: dict[str, float] = {}
        for at, name, performer in self.mentions[first:last]:
            full = self.full.get(name, name)
            if not performer and self._is_person(name) and self.gender.get(name, wanted) == wanted:
                weights[full] = max(weights.get(full, -9.0), self._weight(at, name, place, wanted))
        if last_speaker and self.gender.get(last_speaker, wanted) == wanted:
            weights[last_speaker] = weights.get(last_speaker, 0.0) + LAST_SPEAKER
        return max(weights, key=lambda name: weights[name]) if weights else None

    def _weight(self, at: int, name: str, place: int, wanted: Gender) -> float:
        """How well a mention fits a pronoun: near, a subject, of a known gender, somebody who speaks."""
        near = -(place - at) / FADE
        return (
            near
            + SUBJECT * (at in self.starts)
            + KNOWN * (self.gender.get(name) == wanted)
            + SPEAKS * (name in self.speaking)
        )

    def _is_person(self, name: str) -> bool:
        """A full name, a part of one, a name with a known gender, or a word that is used as a name often."""
        return " " in name or name in self.full or name in self.gender or self.counts[name] >= MIN_MENTIONS


ARTICLES = frozenset(("the", "a", "an", "his", "her", "their", "one", "another", "my", "our"))


def _names_in(passage: Passage) -> list[tuple[int, str, bool, bool]]:
    """(place, name, does a sentence begin with it, is it a performer behind a character)."""
    found = []
    for match in patterns()["name"].finditer(passage.text):
        written, start = match["np"], match.start("np")
        while written and written.partition(" ")[0] in NO_NAMES:
            first, _, written = written.partition(" ")
            start += len(first) + 1
        name = _clean(written)
        if name and (" " in name or not name.isupper()):
            before = passage.text[max(0, start - 24) : start]
            found.append(
                (passage.start + start, name, bool(_SENTENCE_START.search(before)), bool(_PERFORMER.search(before)))
            )
    return found


def _without_sentence_word(name: str, *, at_start: bool, inside: Counter[str]) -> str | None:
    """The name without a capitalised ordinary word that only begins the sentence; None if nothing is left."""
    if not at_start:
        return name
    first, _, rest = name.partition(" ")
    if not rest:
        known = inside[name] > 0 or first.lower() in first_names()
        return name if known or not ORDINARY.search(first) else None
    if (
        rest in inside
        and name not in inside
        and (ORDINARY.search(first) or inside[rest] > 1)
        and first.lower() not in first_names()
    ):
        return rest
    return name


ORDINARY = re.compile(r"(?:ly|ing|ed|ught)$", re.IGNORECASE)


def _clean(name: str) -> str:
    text = _TITLE.sub("", _INNER.sub("", " ".join(name.split())))
    return re.sub(r"[’']s?$", "", text).strip(" ,.;:")
