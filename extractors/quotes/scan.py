"""Quotation marks → spans: a stack of open marks per paragraph, after the page's own habits."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

CLOSERS = {
    "“": '”"',
    "„": "“”",
    "«": "»",
    "»": "«",
    "‹": "›",
    "›": "‹",
    "「": "」",
    "『": "』",
    "‘": "’",
    "‚": "‘’",
    '"': '"”',
    "'": "'",
    "”": "”",
}
# UTF-8 marks that were read as Windows-1252 ("â€œ"), dashes spoilt the same way, and the marks of TeX and typewriters.
SPOILT = {"â€œ": "“", "â€\x9d": "”", "â€˜": "‘", "â€™": "’", "â€": "”", "``": "“", "''": '"'}
# All first characters in front, in a class of their own: the engine skips to one of them.
MARKS = re.compile(r"[â`'“”„«»‹›「」『』\"‘’‚](?:(?<=â)(?:€[œ\x9d˜™]|€(?![“”\w]))|(?<=`)`|(?<=')'|(?<![â`]))")
ELISIONS = re.compile(
    r"(?:[‘’']|â€™)(?:\d0s|\d\ds?\b|cause\b|em\b|til\b|till\b|tis\b|twas\b|n\b|bout\b|round\b|cos\b|coz\b|ere\b|neath\b)",
    re.IGNORECASE,
)
SINGLE = frozenset("‘’'‚")
DIRECTED = frozenset("“„«»「『‹›")  # marks that differ from their closing ones, so that nesting can be counted
MAX_WRONG_WAY = 300  # characters in which a quote opened by the wrong mark must close
MAX_NESTED = 8  # marks looked at to tell a nested mark from one that opens anew
MAX_RETRIES = 8  # single marks taken for apostrophes after the fact; behind them single marks are apostrophes
OPEN_BEFORE = frozenset(" \u00a0\u202f\t\n([{—–-/…:;,.\"“„«‘'*_>¡¿|=")


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """text[start:stop] of a paragraph stands between outer marks, text[opens:start] and text[stop:ends]; `closed` is
    False where the paragraph ends first. `mark` is the opening mark (the one that was meant, where it is spoilt).
    """

    start: int
    stop: int
    mark: str
    closed: bool
    opens: int
    ends: int


class Mark(NamedTuple):
    """text[at:end] is the mark `kind`."""

    at: int
    end: int
    kind: str


def spans_in(text: str) -> tuple[Span, ...]:
    """The outermost quoted spans of one paragraph, in order; nested marks belong to the span around them."""
    marks = [Mark(match.start(), match.end(), SPOILT.get(match[0], match[0])) for match in MARKS.finditer(text)]
    if not marks:
        return ()
    scan = _Scan(text, marks)
    at = 0
    for _ in range(MAX_RETRIES):
        apostrophe = scan.run(at)
        if apostrophe is None:
            break
        at = apostrophe + 1
    else:
        scan.singles = False
        scan.run(at)
    return tuple(scan.spans)


class _Scan:
    """The state of one paragraph's scan."""

    def __init__(self, text: str, marks: Sequence[Mark]) -> None:
        self.text = text
        self.marks = marks
        self.singles = True
        self.spans: list[Span] = []
        guillemets = [mark.kind for mark in marks if mark.kind in "«»"]
        self.reversed = bool(guillemets) and guillemets[0] == "»" and "«" in guillemets
        self.firm = [  # single marks behind punctuation: these close for certain
            number
            for number, mark in enumerate(marks)
            if mark.kind in "’'"
            and mark.at
            and text[mark.at - 1] in ".,!?…—–"
            and not text[mark.end : mark.end + 1].isalnum()
        ]

        self.last_single = max(
            (n for n, mark in enumerate(marks) if mark.kind in "’'‘" and not text[mark.end : mark.end + 1].isalnum()),
            default=-1,
        )

    def run(self, first: int) -> int | None:
        """Scan from a mark on; the number of a single mark that never closed, so that it was an apostrophe."""
        stack: list[int] = []
        for number in range(first, len(self.marks)):
            mark = self.marks[number]
            if mark.kind in SINGLE and not self.singles:
                continue
            if stack and self._closes(number, stack[-1]):
                opener = stack.pop()
                if not stack:
                    self._add(opener, number)
            elif len(stack) > 1 and mark.kind not in SINGLE and self._closes(number, stack[0]):
                # The outer mark closes while an inner one is open: the inner was an apostrophe or is unbalanced.
                self._add(stack[0], number)
                stack.clear()
            elif self._opens(number):
                self._push(stack, number)
        if not stack:
            return None
        if self.marks[stack[0]].kind in SINGLE:
            return stack[0]
        self._add(stack[0], None)
        return None

    def _push(self, stack: list[int], number: int) -> None:
        mark = self.marks[number]
        same = [opener for opener in stack if self.marks[opener].kind == mark.kind]
        if not same or (mark.kind in DIRECTED and self._nested(number)):
            stack.append(number)
        elif same[0] == stack[0] and self.text[max(0, mark.at - 2) : mark.at] in (", ", ": ") and mark.kind in DIRECTED:
            stack[:] = [number]  # the one before was never closed: a cue introduces this one

    def _nested(self, number: int) -> bool:
        """Do enough closing marks follow for this one and the one around it?"""
        kind = self.marks[number].kind
        depth = 2
        for mark in self.marks[number + 1 : number + 1 + MAX_NESTED]:
            depth += (mark.kind == kind) - (mark.kind in CLOSERS[kind])
            if depth == 0:
                return True
        return False

    def _add(self, opener: int, closer: int | None) -> None:
        mark = self.marks[opener]
        stop = len(self.text) if closer is None else self.marks[closer].at
        ends = len(self.text) if closer is None else self.marks[closer].end
        span = Span(start=mark.end, stop=stop, mark=mark.kind, closed=closer is not None, opens=mark.at, ends=ends)
        self.spans.append(span)

    def _around(self, mark: Mark) -> tuple[str, str]:
        before = self.text[mark.at - 1] if mark.at else " "
        return before, self.text[mark.end] if mark.end < len(self.text) else " "

    def _closes(self, number: int, opener: int) -> bool:
        mark, opening = self.marks[number], self.marks[opener].kind
        if mark.kind not in CLOSERS.get(opening, ""):
            return False
        before, after = self._around(mark)
        if mark.kind in SINGLE:
            if after.isalnum() or ELISIONS.match(self.text, mark.at) or (before.isspace() and after not in ",.;:)"):
                return False
            return not (before in "sz" and after == " " and self._possessive(number))
        if mark.kind == '"':
            return not (before.isspace() and after.isalnum()) and not (opening == "“" and after.isalnum())
        return True

    def _possessive(self, number: int) -> bool:
        """`the dogs' bowls'`: a word goes on behind the mark, and a firm close comes before anything opens again."""
        mark = self.marks[number]
        if not self.text[mark.end + 1 : mark.end + 2].islower():
            return False
        place = bisect_left(self.firm, number + 1)
        if place == len(self.firm):
            return False
        between = self.marks[number + 1 : min(self.firm[place], number + 1 + MAX_NESTED)]
        return not any(self._around(other)[0].isspace() for other in between)

    def _opens(self, number: int) -> bool:
        mark = self.marks[number]
        before, after = self._around(mark)
        if (after.isspace() and mark.kind not in "«„“”»") or mark.kind in "」』":
            return False
        if mark.kind in "“„「『":
            return True
        if mark.kind in "«»":
            return (mark.kind == "»") == self.reversed
        if mark.kind in "‹›":
            return (mark.kind == "›") == self.reversed
        if mark.kind in SINGLE:
            fits = before in OPEN_BEFORE and (after.isalnum() or after in '“"…¿¡-—')
            return fits and number < self.last_single and not ELISIONS.match(self.text, mark.at)
        if mark.kind == "”":
            return self._wrong_way(mark, before, after)
        return before in OPEN_BEFORE or not (before.isalnum() or before in ".,!?…)]’'")

    def _wrong_way(self, mark: Mark, before: str, after: str) -> bool:
        """A closing mark that opens: where a word begins, or behind a sentence with the real close still to come."""
        if before in OPEN_BEFORE and before != "," and (after.isalnum() or after in "¿¡"):
            return True
        rest = self.text[mark.end : mark.end + MAX_WRONG_WAY]
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
    """Words in all the texts together; two signs of a script without spaces count as one."""
    return sum(len(WORDS.findall(text)) for text in texts)


WORDS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]{1,2}|[^\W\u3040-\u30ff\u3400-\u9fff]+(?:['’][^\W]+)*")
