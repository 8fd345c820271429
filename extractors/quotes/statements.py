"""What the markup of a page presents as somebody's words, and the lines that say whose they are."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from extractors.quotes.script import spoken_parts
from extractors.records import QuoteKind

SITE_RULES = "site_"  # what the rules of site modules begin with
MAX_CREDIT = 200  # characters; a longer line tells more than who said it
MAX_NAME_WORDS = 6
DASHES = "-–—―~"
_LEAD = re.compile(rf"(?:[{DASHES}•|:\s]+|(?:quote |words |said )?by\b[:\s]*|source:\s*)+", re.IGNORECASE)
# The name of an icon, glued to the name behind it
_NETWORK = re.compile(r"(?:LinkedIn|Twitter|Facebook|Instagram|YouTube)X?(?=[A-Z][a-z])")
_END = re.compile(rf"\s*(?:[,;:(@|·•\n\[]|\s[{DASHES}]|\s(?:via|in|on|at|from|for|to|quotes?)\s|$).*", re.DOTALL)
_PARTICLES = re.compile(r"(?:d[aei]|du|del|della|de[rn]|v[ao]n|l[ae]|[ea]l|bin|ibn|y|of|the|and|&|für|und|et)$")
# Behind the last sentence of a quote, after a dash: `Small doors open large rooms. — Ida Moss, Keys`
_TAIL = re.compile(r"(?<=[.!?…”\"’'»])\s*(?:[—–―]|--|-\s)\s*(?P<credit>[^\W\d_][^.!?“”\"—–―]{1,80})$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """Words that markup presents as somebody's: `paragraphs` as the page shows them, without the marks around them.

    `written` is the line that says whose they are, `speaker` the name in it. `joins` says that they belong to the text
    they stand in even where that text was judged boilerplate (a card, a tweet), `unseen` even where the page does not
    show them. `cued` words are a quote only where a verb of speech or a colon introduces them (italics). `repeat` marks
    words that should stand elsewhere in the text (a pull quote). Statements of one `exchange` answer each other.
    """

    paragraphs: tuple[str, ...]
    speaker: str | None = None
    written: str | None = None
    kind: QuoteKind = "block"
    rule: str
    confidence: float
    directions: tuple[str, ...] = ()
    exchange: int | None = None
    joins: bool = False
    unseen: bool = False
    cued: bool = False
    repeat: bool = False


def credited(line: str | None) -> str | None:
    """The name in a credit line (`— Ida Moss, gardener`, `by Ida Moss`, `Ida Moss (@ida)`); None where it has none."""
    if not line or len(line) > MAX_CREDIT:
        return None
    text = _NETWORK.sub("", " ".join(line.split()))
    lead = _LEAD.match(text)
    name = _END.sub("", text[lead.end() :] if lead else text, count=1).strip(" ,:;'\"“”")
    words = name.split()
    if not words or len(words) > MAX_NAME_WORDS or not words[0][0].isalnum() or not any(map(str.isalpha, name)):
        return None
    return name if not any(word[0].islower() and not _PARTICLES.match(word) for word in words) else None


def is_credit(line: str) -> bool:
    """Is the line no more than a dash and a name?"""
    return line.lstrip()[:1] in DASHES and len(line.split()) <= 15 and len(line) <= MAX_CREDIT


def without_credit(text: str) -> tuple[str, str | None]:
    """(the text without a name behind a dash at its end, that name)."""
    match = _TAIL.search(text[-MAX_CREDIT:])
    if not match or not credited(match["credit"]):
        return text, None
    return text[: len(text) - len(match[0])].rstrip(), match["credit"]


def listed(words: str, author: str | None, *, rule: str) -> Iterator[Statement]:
    """The words of a list of quotes, without the marks around them; nothing where there are none."""
    text = without_marks(" ".join(words.split()))
    if any(map(str.isalnum, text)):
        written = " ".join(author.split()).rstrip(",") if author else None
        yield Statement(
            paragraphs=(text,), speaker=credited(written), written=written, kind="list_item", rule=rule, confidence=0.98, joins=True
        )  # fmt: skip


def turn_of(text: str, name: str, *, exchange: int | None, rule: str) -> Statement | None:
    """`Name: [direction] words [direction] words`: what is said of it; None where it is only a direction."""
    speaker = " ".join(name.split()).strip(" :")
    spoken = " ".join(text.split()).removeprefix(speaker).lstrip(" :")
    parts, directions = spoken_parts(spoken, 0)
    if not speaker or not parts:
        return None
    return Statement(
        paragraphs=tuple(spoken[start:stop] for start, stop in parts), speaker=speaker, written=speaker, kind="dialogue_line",
        rule=rule, confidence=0.98, directions=directions, exchange=exchange, joins=True,
    )  # fmt: skip


def without_marks(text: str) -> str:
    """The text without the quotation marks around the whole of it."""
    if text[:1] in '“"„«' and text[-1:] in '”"“»' and len(text) > 1:
        return text[1:-1].strip()
    return text
