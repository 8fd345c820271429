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

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from extractors.quotes.vocabulary import Vocabulary, first_names

ABBREVIATED = (
    r"(?:Mr|Mrs|Ms|Dr|Prof|Rev|Sen|Rep|Gov|Gen|Col|Lt|Capt|Maj|Sgt|Cpl|St|Jr|Sr|Inc|Ltd|Co|Corp|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|"
    r"Nov|Dec|No|vs|Messrs|Mme|Mlle)\."
)
TOKEN = re.compile(
    rf"(?P<word>{ABBREVIATED}|(?<=[a-z] )[“\"][A-Z][\w-]+[”\"](?= [A-Z])|(?:[A-Z]\.)+(?:-?[A-Z]\.)*|[^\W_]+(?:[’'&/-](?![sS]\b)[^\W_]+)*(?:\.[a-z]{{2,3}}\b)?!?(?= News|\b)"
    r"|[@#]\w+)|(?P<poss>[’'][sS]\b)|(?P<end>[.!?…]+)|(?P<dash>[—–]|--|(?<=\s)-(?=\s))|(?P<punct>[,;:()\[\]])"
    r"|(?P<mark>[“”„«»‹›\"‘’‚])|(?P<line>\n)"
)
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
CODES = {
    "he": "P", "she": "P", "plural": "P", "other": "P", "object": "m", "det": "D", "be": "b", "aux": "h", "adv": "A",
    "prep": "I", "conj": "J", "sub": "S", "rel": "W", "that": "T", "time": "t", "start": "x",
}  # fmt: skip
OTHER_CODES = {"poss": "s", "end": ".", "dash": "-", "line": ".", "mark": "q"}
INVERSION = re.compile(r"(\w+?)(?:-t)?-(ils?|elles?|on|je|vous|nous|tu|ce)", re.IGNORECASE)
# Verbs of speech only with a second word: "went on", "put it"
PHRASAL = {
    "go": "on",
    "goes": "on",
    "went": "on",
    "put": "it",
    "puts": "it",
    "cut": "in",
    "cuts": "in",
    "chimed": "in",
    "broke": "in",
}
PHRASAL_SECOND = frozenset(PHRASAL.values())
NO_CUE_AFTER = frozenset(("of", "off", "for", "from", "about", "without", "like"))  # "the art of writing"
MAX_KNOWN = 2000  # texts whose chunks are kept
MAX_PHRASE = 5  # words of a noun phrase, its article included
MAX_ROLE = 7  # words between an article and the noun of a role
NOT_LY = frozenset(
    [
        "family",
        "reply",
        "ally",
        "only",
        "early",
        "italy",
        "sally",
        "emily",
        "billy",
        "kelly",
        "molly",
        "lily",
        "holly",
        "polly",
        "july",
        "daily",
        "weekly",
        "bully",
        "jelly",
        "belly",
        "folly",
        "rally",
    ]
)


class Token(NamedTuple):
    """A token before chunking; `code` "c" stands for a capitalised word that may be a name, "r" for a role's noun."""

    code: str
    start: int
    stop: int
    word: str


@dataclass(frozen=True, slots=True)
class Chunk:
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
    """Texts of one page → chunks. `ordinary` are words known to be no names although they stand capitalised.

    The texts around neighbouring quotes are often the same ones, so the last results are kept.
    """

    def __init__(self, words: Vocabulary, ordinary: Collection[str] = ()) -> None:
        self.words = words
        self.ordinary = ordinary
        self._known: dict[str, Chunks] = {}

    def __call__(self, text: str) -> Chunks:
        """The chunks of a text."""
        known = self._known.get(text)
        if known is None:
            if len(self._known) >= MAX_KNOWN:
                self._known.clear()
            known = self._known[text] = chunks_of(text, self.words, self.ordinary)
        return known


def chunks_of(text: str, words: Vocabulary, ordinary: Collection[str] = ()) -> Chunks:
    """The chunks of a text. `ordinary` are words known to be no names although they stand capitalised."""
    tokens = _tokens(text, words, ordinary)
    items: list[Chunk] = []
    index = 0
    while index < len(tokens):
        code, stop = _chunk_at(tokens, index, items[-1].code if items else "")
        items.append(Chunk(code, tokens[index].start, tokens[stop - 1].stop, tokens[stop - 1].word))
        index = stop
    return Chunks(text, "".join(item.code for item in items), tuple(items))


def _tokens(text: str, words: Vocabulary, ordinary: Collection[str]) -> list[Token]:
    tokens: list[Token] = []
    before = "."
    for kind, start, stop in _pieces(text, words.language):
        if kind == "word":
            code = _word_code(text[start:stop], words, ordinary, tokens, before)
        else:
            code = OTHER_CODES.get(kind, text[start:stop])
            if code == "s" and tokens and tokens[-1].code == "P":
                code = "b"  # "she's"
        word = text[start:stop].lower()
        if word in PHRASAL_SECOND and tokens and word == PHRASAL.get(tokens[-1].word):
            tokens[-1] = tokens[-1]._replace(code="C")
        if word == "like" and before == "b" and text[stop : stop + 1] in (",", " "):
            code = "C" if text[stop : stop + 1] == "," or text[stop + 1 : stop + 2] in "“\"‘'" else code
        tokens.append(Token(code, start, stop, word))
        before = code
    return tokens


def _pieces(text: str, language: str) -> Iterator[tuple[str, int, int]]:
    """(kind of token, start, stop); French pronouns behind their verb are words of their own: "a-t-il", "dit-elle"."""
    for match in TOKEN.finditer(text):
        inversion = INVERSION.fullmatch(match[0]) if language == "fr" else None
        if inversion:
            yield "word", match.start(), match.start() + inversion.end(1)
            yield "word", match.start() + inversion.start(2), match.end()
        else:
            yield match.lastgroup or "", match.start(), match.end()


def _word_code(written: str, words: Vocabulary, ordinary: Collection[str], tokens: list[Token], before: str) -> str:
    if written[0] in '“"':  # Marcus “Shorty” Bell
        return "c"
    word = written.lower().replace("’", "'")
    starts = before in ".q:-(["
    closed = words.classes.get(word)
    if closed and (not written[0].isupper() or starts or closed == "time" or word == "i"):
        return "m" if word == "her" and before in "CGFV" else CODES[closed]
    if written[0].isupper() and not (starts and _no_name(word, words, ordinary)):
        return "c" if word not in words.classes or len(word) > 1 else "x"
    verb = _verb_code(word, words, tokens, before)
    if verb:
        return verb
    if word in words.roles or word in words.documents:
        return "r"
    if word.endswith("ly") and len(word) > 4 and word not in NOT_LY:
        return "A"
    return "c" if written[0].isupper() and word not in ordinary and not _no_name(word, words, ordinary) else "x"


def _no_name(word: str, words: Vocabulary, ordinary: Collection[str]) -> bool:
    """A capitalised word at the beginning of a sentence that is no name."""
    if word in first_names():
        return False
    return (
        word in words.cues
        or word in words.roles
        or word in words.documents
        or word in ordinary
        or (word.endswith(("ing", "ly")) and len(word) > 4)
    )


def _verb_code(word: str, words: Vocabulary, tokens: list[Token], before: str) -> str:
    """The letter of a verb of speech, "" where the word is a noun here or no such verb."""
    form = words.cues.get(word)
    codes = "CGVK"
    if form is None:
        form, codes = words.frames.get(word), "FHVK"
    if form is None or (before in "Ds" and form != "past"):
        return ""
    last = tokens[-1].word if tokens else ""
    if form == "ing":
        return "" if last in NO_CUE_AFTER else codes[1]
    if form in ("base", "s"):
        if last == "to" and form == "base":
            return "V" if codes[0] == "C" else "H"
        first = all(token.code in ",-" for token in tokens)  # directly behind a quote: "…," notes Ann
        noun = not first and (word in words.nouns or word in words.roles or word in words.documents)
        fits = before in ("PhATJ" if form == "base" else "cPrWhATtJ,)-x.q")
        plural = form == "base" and ((before == "r" and last.endswith(("s", "men", "ple", "ice"))) or before in "cxW,")
        return codes[0] if (fits and not (noun and before in "xJ.q,-")) or (plural and not noun) else ""
    back = len(tokens) - 1
    while back >= 0 and tokens[back].code == "A":
        back -= 1
    passive = back >= 0 and tokens[back].code == "b" and words.language == "en"
    return "K" if passive else codes[0]


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
    """A name up to `stop`, or the role it qualifies: "Ann's lawyer", "Apple spokesman", "Justice Department report"."""
    if stop < len(tokens) and tokens[stop].code in "rs":
        role = _role_end(tokens, stop, MAX_ROLE - 3)
        if role:
            return _with_name("R", tokens, role)
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
        elif found and (code != "x" or at > found or word.endswith(("ed", "s", "ing")) or code == "c"):
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
