"""Text → chunks: names, roles, pronouns and verbs of speech, one letter each, so that a clause is a short string.

A cascade of this kind (tokens → chunks → patterns over chunks) is Abney's ("Partial parsing via finite-state
cascades", 1996): no parser, linear, and the patterns of `clauses.py` stay readable.

| letter | chunk | letter | chunk |
|---|---|---|---|
| N | name | R | role: "the mayor", "a spokesman" |
| P | pronoun as a subject | m | pronoun as an object |
| O | another noun phrase with an article | D | an article alone |
| C | verb of speech, finite | G | verb of speech in -ing |
| V | "to" and a verb of speech | K | "was told", "is called" |
| F | verb that calls something | H | the same in -ing |
| b | form of be | h | another auxiliary |
| I | preposition | J | and, but, or |
| S | when, while, as | W | who, which |
| T | that, how, what | t | weekday, month |
| s | possessive 's | A | adverb |
| x | any other word | q | quotation mark |

Punctuation stands for itself, "." for every end of a sentence, "-" for every dash.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import NamedTuple

from extractors.quotes.tokens import Named, Token, nobody, tokens_of
from extractors.quotes.vocabulary import Vocabulary, person_words

PARTICLES = frozenset(
    [
        "de",
        "da",
        "di",
        "du",
        "del",
        "della",
        "der",
        "den",
        "van",
        "von",
        "la",
        "le",
        "al",
        "el",
        "bin",
        "ibn",
        "ben",
        "ter",
        "ten",
        "zu",
        "y",
        "of",
        "the",
        "dos",
        "das",
        "do",
        "e",
        "und",
    ]
)
STRICT_PARTICLES = PARTICLES - {"of", "the", "la", "le", "e", "y", "do", "und"}
MAX_KNOWN = 2000  # texts whose chunks are kept
MAX_PHRASE = 5  # words of a noun phrase, its article included
MAX_ROLE = 7  # words between an article and the noun of a role


class Chunk(NamedTuple):
    """text[start:stop] of the chunked text; `head` is its last word, lower case ("spokesman" of "a spokesman")."""

    code: str
    start: int
    stop: int
    head: str


@dataclass(frozen=True, slots=True)
class Chunks:
    """A text with its chunks; `codes[i]` is the letter of `items[i]`."""

    text: str
    codes: str
    items: tuple[Chunk, ...]

    def written(self, index: int) -> str:
        """The chunk as it stands in the text."""
        item = self.items[index]
        return self.text[item.start : item.stop]

    def cut(self, start: int, stop: int | None = None) -> "Chunks":
        """The chunks from one index to another; places stay those of the whole text."""
        return Chunks(self.text, self.codes[start:stop], self.items[start:stop])


class Chunker:
    """Texts of one page → chunks. `ordinary` are words known to be no names although they stand capitalised, `named`
    tells of a word in lower case whether it is a part of a name ("keating"): asked late, since finding names is dear.

    The texts around neighbouring quotes are often the same ones, so the last results are kept.
    """

    def __init__(self, words: Vocabulary, ordinary: Collection[str] = (), named: Named = nobody) -> None:
        self.words = words
        self.ordinary = ordinary
        self.named = named
        self._known: dict[str, Chunks] = {}

    def __call__(self, text: str) -> Chunks:
        """The chunks of a text."""
        known = self._known.get(text)
        if known is None:
            if len(self._known) >= MAX_KNOWN:
                self._known.clear()
            known = self._known[text] = chunks_of(text, self.words, self.ordinary, self.named)
        return known


def chunks_of(text: str, words: Vocabulary, ordinary: Collection[str] = (), named: Named = nobody) -> Chunks:
    """The chunks of a text. `ordinary` and `named`: see Chunker."""
    tokens = tokens_of(text, words, ordinary, named)
    items: list[Chunk] = []
    index = 0
    while index < len(tokens):
        code, stop = _chunk_at(tokens, index, items[-1].code if items else "")
        items.append(Chunk(code, tokens[index].start, tokens[stop - 1].stop, tokens[stop - 1].word))
        index = stop
    return Chunks(text, "".join(item.code for item in items), tuple(items))


def _chunk_at(tokens: list[Token], index: int, before: str) -> tuple[str, int]:
    """(letter, index behind the chunk that begins at `index`)."""
    code = tokens[index].code
    if code == "D":
        stop = _role_end(tokens, index + 1)
        if stop:
            return _with_name("R", tokens, stop)
        return _noun_phrase(tokens, index)
    if code == "c":
        return _owned_role(tokens, _name_end(tokens, index))
    if code == "r":
        stop = index + 1
        while stop < len(tokens) and tokens[stop].code == "r":
            stop += 1
        return _with_name("R", tokens, stop)
    if (
        code == "x"
        and before not in "xDs"
        and tokens[index].word.endswith(("-", "an", "al", "er", "ior", "ish", "ese"))
    ):
        stop = _role_end(tokens, index, 3)  # "German officials", "senior aides"
        if stop:
            return _with_name("R", tokens, stop)
    return code, index + 1


def _owned_role(tokens: list[Token], stop: int) -> tuple[str, int]:
    """A name up to `stop`, or whom it qualifies: "Ann's lawyer", "Apple spokesman", "Car Weekly's Ann Lee"."""
    if stop < len(tokens) and tokens[stop].code in "rs":
        role = _role_end(tokens, stop, MAX_ROLE - 3)
        if role:
            return _with_name("R", tokens, role)
        if tokens[stop].code == "s" and stop + 1 < len(tokens) and tokens[stop + 1].code == "c":
            return "N", _name_end(tokens, stop + 1)
    return "N", stop


def _role_end(tokens: list[Token], index: int, most: int = MAX_ROLE) -> int:
    """The index behind the noun of a role that ends a run of words from `index`; 0 if there is none."""
    found = 0
    for at in range(index, min(len(tokens), index + most)):
        code, word = tokens[at].code, tokens[at].word
        if code == "r":
            found = at + 1
        elif (code == "D" and at > index) or (
            code not in "xcsDt" and not (code in "AJ" and at > index and not found) and code != "G"
        ):
            break
        elif found and (code != "x" or at > found or word.endswith(("ed", "s", "ing"))):
            if code == "c" and at + 1 < len(tokens) and tokens[at + 1].code == "r":
                continue  # "the chief AI scientist"
            break  # "the senior project manager", not "the man opened"
    return found


def _with_name(code: str, tokens: list[Token], stop: int) -> tuple[str, int]:
    """A role directly before a name belongs to the name: "spokesman Jane Roe"."""
    if stop < len(tokens) and tokens[stop].code == "c":
        return "N", _name_end(tokens, stop)
    return code, stop


def _name_end(tokens: list[Token], index: int) -> int:
    stop = index + 1
    while stop < len(tokens):
        token = tokens[stop]
        if token.code == "c":
            stop += 1
            continue
        ahead = stop
        while ahead < len(tokens) and ahead - stop < 2 and tokens[ahead].word in PARTICLES:
            ahead += 1
        joined = ahead > stop and (
            ahead - stop == 2 or tokens[stop].word in STRICT_PARTICLES or tokens[stop].word == "of"
        )
        if (
            joined
            and tokens[stop].word == "of"
            and stop - index > 1
            and tokens[index].word.rstrip(".") in person_words()
        ):
            break  # "Ann Lee of the Harbour Board": whom she works for; but "Anne of Cleves", "Bank of England"
        if joined and ahead < len(tokens) and tokens[ahead].code == "c" and tokens[ahead - 1].code != "r":
            stop = ahead + 1
            continue
        break
    return stop


def _noun_phrase(tokens: list[Token], index: int) -> tuple[str, int]:
    """An article and what may belong to it: a name ("the White House", "the Hatter") or any other noun phrase."""
    stop = index + 1
    while stop < len(tokens) and stop - index < MAX_PHRASE and tokens[stop].code in "xc":
        if tokens[stop].code == "c" and tokens[stop - 1].code == "x" and tokens[stop - 1].word.endswith(("s", "ed")):
            break  # "this scares Ann"
        stop += 1
    if stop == index + 1:
        return "D", stop
    if tokens[stop - 1].code == "c":
        return _owned_role(tokens, _name_end(tokens, stop - 1))
    first = next((at for at in range(index + 1, stop) if tokens[at].code == "x"), stop)
    return ("N", first) if first > index + 1 else ("O", stop)
