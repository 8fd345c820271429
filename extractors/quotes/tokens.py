"""Text → tokens with the letters of `chunks.py`: words by their class, verbs of speech, what may be a name."""

import re
from collections.abc import Callable, Collection, Iterator
from typing import NamedTuple

from extractors.quotes.vocabulary import Vocabulary, first_names

ABBREVIATED = (
    r"(?:Mr|Mrs|Ms|Dr|Prof|Rev|Sen|Rep|Gov|Gen|Col|Lt|Capt|Maj|Sgt|Cpl|St|Jr|Sr|Inc|Ltd|Co|Corp|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|"
    r"Nov|Dec|No|vs|Messrs|Mme|Mlle)\."
)
DEGREE = r"(?:Ph|Ed|Psy|Pharm)\.D\.|(?:M|B)\.(?:Sc|Ed|Phil)\.|LL\.[BMD]\."
IN_BRACKETS = r"(?<=[A-Z])\.[A-Z]|\.\)(?:,|\s+[a-z])"  # "Sen. Ann Lee (D-N.Y.) said"
TOKEN = re.compile(
    rf"(?P<word>{ABBREVIATED}|{DEGREE}|\bu/\w+|(?<=[a-z] )[“\"][A-Z][\w-]+[”\"](?= [A-Z])|(?:[A-Z]\.)+(?:-?[A-Z]\.)*|[^\W_]+(?:[’'&/-](?![sS]\b)[^\W_]+)*(?:\.[a-z]{{2,3}}\b)?!?(?= News|\b)"
    rf"|[@#]\w+)|(?P<poss>[’'][sS]\b)|(?P<end>(?!{IN_BRACKETS})[.!?…]+)|(?P<dash>[—–]|--|(?<=\s)-(?=\s))|(?P<punct>[,;:()\[\]])"
    r"|(?P<mark>[“”„«»‹›\"‘’‚])|(?P<line>\n)"
)
CODES = {
    "he": "P", "she": "P", "plural": "P", "other": "P", "indefinite": "P", "object": "m", "det": "D", "be": "b", "aux": "h", "adv": "A",
    "prep": "I", "conj": "J", "sub": "S", "rel": "W", "that": "T", "time": "t", "start": "x",
}  # fmt: skip
PRONOUNS = ("he", "she", "plural", "other")
OF_NAME = re.compile(r"[A-Z]\w+ of [A-Z]")
Named = Callable[[str], bool]
NEXT_WORD = re.compile(r" ([a-z]+)")
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
# … and no verbs of speech with one
NO_CUE_WITH = {"add": "to", "adds": "to", "added": "to", "snapped": "up", "snaps": "up", "snap": "up", "read": "up"}
PHRASAL_SECOND = frozenset(PHRASAL.values())
NO_CUE_AFTER = frozenset(("of", "off", "for", "from", "about", "without", "like"))  # "the art of writing"
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


def nobody(_: str) -> bool:
    """Of no word is it known that it is a part of a name."""
    return False


def tokens_of(text: str, words: Vocabulary, ordinary: Collection[str], named: Named = nobody) -> list[Token]:
    """The tokens of a text; `ordinary` are words known to be no names although they stand capitalised, `named` tells
    of a word in lower case whether it is a part of a name.
    """
    tokens: list[Token] = []
    before = "."
    for kind, start, stop in _pieces(text, words.language):
        if kind == "word":
            if text[start].isupper() and _speaks(text, stop, before, words) and named(text[start:stop].lower()):
                code = "c"
            else:
                code = _word_code(text[start:stop], words, ordinary, named, tokens, before)
        else:
            code = OTHER_CODES.get(kind, text[start:stop])
            if code == "s" and tokens and tokens[-1].code == "P":
                code = "b"  # "she's"
        if code == "r" and OF_NAME.match(text, start):
            code = "c"  # "Bank of Nowhere" at the beginning of a sentence
        word = text[start:stop].lower()
        if word in PHRASAL_SECOND and tokens and word == PHRASAL.get(tokens[-1].word):
            tokens[-1] = tokens[-1]._replace(code="C")
        if tokens and word == NO_CUE_WITH.get(tokens[-1].word) and tokens[-1].code in "CV":
            tokens[-1] = tokens[-1]._replace(code="x")
        if word == "like" and before == "b" and text[stop : stop + 1] in (",", " "):
            code = "C" if text[stop : stop + 1] == "," or text[stop + 1 : stop + 2] in "“\"‘'" else code
        tokens.append(Token(code, start, stop, word))
        before = code
    return tokens


def _speaks(text: str, stop: int, before: str, words: Vocabulary) -> bool:
    """Does the word that ends at `stop` stand beside a verb of speech? Then "Price" and "May" are people."""
    after = NEXT_WORD.match(text, stop)
    return before == "C" or (after is not None and words.cues.get(after[1]) in ("past", "s"))


def _pieces(text: str, language: str) -> Iterator[tuple[str, int, int]]:
    """(kind of token, start, stop); French pronouns behind their verb are words of their own: "a-t-il", "dit-elle"."""
    for match in TOKEN.finditer(text):
        inversion = INVERSION.fullmatch(match[0]) if language == "fr" else None
        if inversion:
            yield "word", match.start(), match.start() + inversion.end(1)
            yield "word", match.start() + inversion.start(2), match.end()
        else:
            yield match.lastgroup or "", match.start(), match.end()


def _word_code(
    written: str, words: Vocabulary, ordinary: Collection[str], named: Named, tokens: list[Token], before: str
) -> str:
    if written[0] in '“"@' or written.startswith("u/"):  # Marcus “Shorty” Bell, @ann
        return "c"
    word = written.lower().replace("’", "'")
    starts = before in ".q:-(["
    closed = words.classes.get(word)
    if "'" in word and not closed and words.classes.get(word.partition("'")[0]) in PRONOUNS:
        return "P"  # "they'd"
    dated = closed == "time" and not (tokens and tokens[-1].word == "the")  # no day in "said the March Hare"
    if closed and (not written[0].isupper() or starts or dated or word == "i"):
        return "m" if word == "her" and before in "CGFV" else CODES[closed]
    if written[0].isupper() and not (starts and _no_name(word, words, ordinary, named)):
        return "c" if word not in words.classes or len(word) > 1 else "x"
    verb = _verb_code(word, words, tokens, before)
    if verb:
        return verb
    if word in words.roles or word in words.documents:
        return "r"
    if word.endswith("ly") and len(word) > 4 and word not in NOT_LY:
        return "A"
    return "c" if written[0].isupper() and word not in ordinary and not _no_name(word, words, ordinary, named) else "x"


def _no_name(word: str, words: Vocabulary, ordinary: Collection[str], named: Named) -> bool:
    """A capitalised word at the beginning of a sentence that is no name."""
    if word in first_names():
        return False
    if word in ordinary:
        return True
    return (
        word in words.cues
        or word in words.roles
        or word in words.documents
        or (word.endswith(("ing", "ly")) and len(word) > 4 and "'" not in word)  # O'Reilly
    ) and not named(word)


def _in_aside(tokens: list[Token]) -> bool:
    """Does the clause begin with "as", so that a verb must follow: "As the fleet notes,"?"""
    for token in reversed(tokens):
        if token.code in ",.":
            return False
        if token.word == "as":
            return True
    return False


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
        noun = (
            not first
            and not _in_aside(tokens)
            and (word in words.nouns or word in words.roles or word in words.documents)
        )
        fits = before in ("PhATJ" if form == "base" else "cPrWhATtJ,)-x.q")
        plural = form == "base" and ((before == "r" and last.endswith(("s", "men", "ple", "ice"))) or before in "cxW,")
        return codes[0] if (fits and not (noun and before in "xJ.q,-")) or (plural and not noun) else ""
    back = len(tokens) - 1
    while back >= 0 and tokens[back].code == "A":
        back -= 1
    passive = back >= 0 and tokens[back].code == "b" and words.language == "en"
    return "K" if passive else codes[0]
