"""Who "the director" or "the report" is on a page that names them somewhere."""

import re
from collections.abc import Iterator
from functools import lru_cache

from extractors.quotes.names import CAP
from extractors.quotes.vocabulary import Gender, Vocabulary, first_names

NAME = rf"(?P<np>{CAP}(?: (?:(?:de|da|di|van|von|der|la|le|al|bin) ){{0,2}}{CAP}){{0,4}})"
BACK = 3000  # characters before a document in which the one who issued it is looked for
AROUND, MAX_SNIPPETS = 110, 24  # characters around a role's noun, and places of it, where its holder is looked for
NO_ROLE = frozenset(
    [
        "people",
        "men",
        "women",
        "children",
        "officials",
        "staff",
        "experts",
        "critics",
        "fans",
        "others",
        "spokespeople",
        "source",
        "insider",
        "police",
        "crowd",
        "audience",
        "interviewer",
    ]
)


FEMALE = frozenset(
    [
        "woman",
        "girl",
        "lady",
        "wife",
        "mother",
        "mom",
        "mum",
        "daughter",
        "sister",
        "aunt",
        "niece",
        "grandmother",
        "actress",
        "waitress",
        "queen",
        "princess",
        "duchess",
        "countess",
        "widow",
        "bride",
        "nun",
        "businesswoman",
        "spokeswoman",
        "chairwoman",
        "congresswoman",
        "policewoman",
        "girlfriend",
        "landlady",
        "maid",
        "witch",
    ]
)
MALE = frozenset(["man", "boy", "gentleman", "husband", "father", "dad", "son", "brother", "uncle", "nephew", "grandfather", "actor", "waiter", "king", "prince", "duke", "count", "monk", "priest", "businessman", "spokesman", "chairman", "congressman", "policeman", "boyfriend", "landlord", "pope", "groom", "frontman", "fisherman", "wizard", "knight"])  # fmt: skip


def gender_of_noun(noun: str) -> Gender | None:
    """The gender that a role's noun tells ("actress" → f)."""
    return "f" if noun in FEMALE else "m" if noun in MALE else None


# Who has a role, by how the page puts it; NOUN is what the role is called, Noun the same at the beginning of a sentence.
OWNED = (  # by a body: Jane Roe's lawyer is somebody else
    rf"\bNOUN (?:by|from|of|for) (?:the )?{NAME}",
    rf"{NAME}[’']s? [^.,;\n]{{0,30}}\bNOUN\b",
)
HOLDERS = (
    rf"\bNoun(?: and \w+)? {NAME}",  # "Director and writer Jane Roe"
    rf"\bNOUN,? {NAME}",
    rf"{NAME},? (?:the|an?|who is|is|was|its|his|her|their)\b[^.,;\n]{{0,60}}\bNOUN\b",
    rf"{NAME}, (?:[\w’'-]+ ){{0,6}}NOUN\b",
    *OWNED,
    rf"\b(?P<np>(?:{CAP} ){{1,4}}Noun)\b",
    rf"\b(?P<np>Noun of (?:the )?{CAP}(?: {CAP}){{0,3}})",
)
NEWCOMER = r"\b(?:[Aa]n?|[Oo]ne|[Aa]nother) (?:[\w-]+ ){0,2}NOUN\b(?! (?:[A-Z]|of|for|at|named))"
ISSUERS = (
    rf"{NAME}[’']s? (?:[\w-]+ ){{0,4}}NOUN\b",
    rf"\bNOUNs? (?:\w+ ){{0,2}}(?:by|from) (?:the )?{NAME}",
    rf"{NAME} [^.\n]{{0,80}}\b(?:its|their|an?|the) (?:[\w-]+ ){{0,3}}NOUN\b",
)


@lru_cache(maxsize=2_000)
def _about(noun: str, template: str) -> re.Pattern[str]:
    """A template for one noun; remembered, for to compile it takes longer than to search a page."""
    return re.compile(template.replace("NOUN", noun).replace("Noun", noun.capitalize()))


class Roles:
    """The roles of a page's text."""

    def __init__(self, text: str, words: Vocabulary) -> None:
        self._text = text
        self._words = words
        self._known: dict[str, str | None] = {}
        self._around: dict[str, list[str]] = {}

    def person(self, written: str, place: int) -> str | None:
        """The name, as written somewhere on the page, of whoever `written` means; None if nobody is named."""
        noun = self._noun(written)
        if not noun or written.lower().startswith(("a ", "an ", "one ", "another ", "some ", "many ", "several ")):
            return None
        if noun in self._words.documents:
            return self._document(noun, place)
        if noun not in self._known:
            self._known[noun] = self._holder(noun)
        return self._known[noun]

    def _noun(self, written: str) -> str | None:
        words = [
            word.lower()
            for word in re.findall(r"[\w-]+", written.split(" of ", maxsplit=1)[0].split(" for ", maxsplit=1)[0])
        ]
        known = [word for word in words if word in self._words.roles or word in self._words.documents]
        return known[-1] if known else None

    def _holder(self, noun: str) -> str | None:
        if self.unnamed(noun):
            return None
        for template in HOLDERS:
            for snippet in self._snippets(noun):
                match = _about(noun, template).search(snippet)
                name = self._without_words(match["np"]) if match else ""
                if name and not (template in OWNED and name.split()[0].lower() in first_names()):
                    return name
        return None

    def unnamed(self, noun: str) -> bool:
        """Was somebody with the role brought in without a name ("a senator who …")?"""
        return any(_about(noun, NEWCOMER).search(snippet) for snippet in self._snippets(noun))

    def _snippets(self, noun: str) -> list[str]:
        """The text around the first places where the page has the noun."""
        if noun not in self._around:
            places = sorted((*self._places(noun), *self._places(noun.capitalize())))[:MAX_SNIPPETS]
            self._around[noun] = [self._text[max(0, at - AROUND) : at + len(noun) + AROUND] for at in places]
        return self._around[noun]

    def _places(self, word: str) -> Iterator[int]:
        """The first places of a whole word, found by search for the string: patterns would take as long for each noun."""
        at = self._text.find(word)
        found = 0
        while at >= 0 and found < MAX_SNIPPETS:
            stop = at + len(word)
            if not (at and self._text[at - 1].isalnum()) and not self._text[stop : stop + 1].isalnum():
                found += 1
                yield at
            at = self._text.find(word, stop)

    def _document(self, noun: str, place: int) -> str | None:
        """Who issued "the report": the nearest before it of those the page says to have one."""
        text = self._text[max(0, place - BACK) : place + 200]
        found = [
            (match.start(), name)
            for template in ISSUERS
            for match in _about(noun, template).finditer(text)
            if (name := self._without_words(match["np"]))
        ]
        return max(found)[1] if found else None

    def _without_words(self, name: str) -> str:
        while name and (name.partition(" ")[0].lower() in self._words.classes):
            name = name.partition(" ")[2]
        return name.strip(" .,")
