"""Quotation marks → spans: a stack of open marks per paragraph, after the page's own habits."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

CLOSERS = {
    "“": '”"',
    "„": "“”",
    "«": "»",
    "»": "«",
    "‹": "›",
    "「": "」",
    "『": "』",
    "‘": "’",
    '"': '"”',
    "'": "'",
    "”": "”",
}
MARKS = re.compile(r"[“”„«»‹›「」『』\"‘’']")
ELISIONS = re.compile(
    r"[‘’'](?:\d0s|\d\ds?\b|cause\b|em\b|til\b|till\b|tis\b|twas\b|n\b|bout\b|round\b|cos\b|coz\b|ere\b|neath\b)",
    re.IGNORECASE,
)
SINGLE = frozenset("‘’'")
MAX_WRONG_WAY = 300  # characters in which a quote opened by the wrong mark must close
OPEN_BEFORE = frozenset(" \u00a0\t\n([{—–-/…:;,.\"“„«‘'*_>¡¿|")


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """text[start:stop] of a paragraph stands between outer marks at start-1 and stop; `closed` is False where the
    paragraph ends first. `mark` is the opening mark.
    """

    start: int
    stop: int
    mark: str
    closed: bool


def spans_in(text: str) -> tuple[Span, ...]:
    """The outermost quoted spans of one paragraph, in order; nested marks belong to the span around them."""
    reversed_guillemets = _reversed_guillemets(text)
    spans: list[Span] = []
    stack: list[tuple[int, str]] = []
    for match in MARKS.finditer(text):
        at, mark = match.start(), match[0]
        if stack and _closes(text, at, mark, stack[-1][1]):
            start, opener = stack.pop()
            if not stack:
                spans.append(Span(start=start + 1, stop=at, mark=opener, closed=True))
        elif len(stack) > 1 and mark not in SINGLE and _closes(text, at, mark, stack[0][1]):
            # The outer mark closes while an inner one is still open: the inner was an apostrophe or is unbalanced.
            start, opener = stack[0]
            stack.clear()
            spans.append(Span(start=start + 1, stop=at, mark=opener, closed=True))
        elif _opens(text, at, mark, reversed_guillemets=reversed_guillemets) and not any(
            opener == mark for _, opener in stack
        ):
            stack.append((at, mark))
    if stack and stack[0][1] not in SINGLE:
        start, opener = stack[0]
        spans.append(Span(start=start + 1, stop=len(text), mark=opener, closed=False))
    elif stack:
        spans.extend(_inside_unclosed_single(text, stack[0][0]))
    return tuple(sorted(spans, key=lambda span: span.start))


def _inside_unclosed_single(text: str, at: int) -> Iterator[Span]:
    """A single mark that never closes was an apostrophe: read the rest again as if it were not there."""
    for span in spans_in(text[:at].replace("\0", " ") + "\0" + text[at + 1 :]):
        if span.start > at:
            yield span


def _reversed_guillemets(text: str) -> bool:
    """»German style«: the first guillemet points inward."""
    first = re.search(r"[«»]", text)
    return bool(first and first[0] == "»")


def _closes(text: str, at: int, mark: str, opener: str) -> bool:
    if mark not in CLOSERS.get(opener, ""):
        return False
    before = text[at - 1] if at else " "
    after = text[at + 1] if at + 1 < len(text) else " "
    if mark in SINGLE:
        return not after.isalnum() and (not before.isspace() or after in ",.;:)") and not ELISIONS.match(text, at)
    if mark == '"':
        return not (before.isspace() and after.isalnum()) and not (opener == "“" and after.isalnum())
    return True


def _opens(text: str, at: int, mark: str, *, reversed_guillemets: bool) -> bool:
    before = text[at - 1] if at else " "
    after = text[at + 1] if at + 1 < len(text) else " "
    if after.isspace() and mark not in "«„“”":
        return False
    if mark in "“„「『‹":
        return True
    if mark in "«»":
        return (mark == "»") == reversed_guillemets
    if mark in SINGLE:
        return before in OPEN_BEFORE and (after.isalnum() or after in '“"…') and not ELISIONS.match(text, at)
    if mark == "”":
        return _wrong_way(text, at, before, after)
    return before in OPEN_BEFORE or not (before.isalnum() or before in ".,!?…)]’'")


def _wrong_way(text: str, at: int, before: str, after: str) -> bool:
    """A closing mark that opens: at the beginning of a word, or behind a sentence with the real close still to come."""
    if before in OPEN_BEFORE and before != "," and after.isalnum():
        return True
    rest = text[at + 1 : at + 1 + MAX_WRONG_WAY]
    close = rest.find("”")
    return (
        before in ".!?"
        and after == " "
        and close > 0
        and "“" not in rest[:close]
        and rest[1:2].isupper()
        and rest[close - 1] in ".!?,"
    )


def continues(text: str, mark: str) -> bool:
    """Does a paragraph go on with a quote left open under `mark`: does it begin with an opening mark of its own?"""
    stripped = text.lstrip()
    return bool(stripped) and (stripped[0] == mark or (mark == "„" and stripped[0] in "„“"))


def words_of(texts: Sequence[str]) -> int:
    """Words in all the texts together."""
    return sum(len(re.findall(r"\w+(?:['’]\w+)*", text)) for text in texts)
