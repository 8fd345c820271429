"""What a search found, as lines for a terminal or a pipe, as JSON or as CSV."""

import csv
import re
from dataclasses import asdict, dataclass
from io import StringIO

import click

from flows.answer import json_of_rows
from warehouse.report.text import visible
from warehouse.search import Found, Hit, Wish, marks_in

SNIPPET = 300  # characters of a text that are shown: three lines of a terminal
BEFORE = 80  # of them at most before the first mark
ELLIPSIS = "…"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Snippet:
    """A stretch of a text with the marks in it."""

    text: str
    marks: tuple[tuple[int, int], ...]

    def shown(self) -> str:
        """In one line, nothing in it obeyed by a terminal but our own bold."""
        pieces, reached = [], 0
        for start, stop in self.marks:
            pieces += [_line(self.text[reached:start]), click.style(_line(self.text[start:stop]), bold=True)]
            reached = stop
        return "".join([*pieces, _line(self.text[reached:])]).strip()

    def plain(self) -> str:
        """In one line, as it is stored."""
        return " ".join(self.text.split())


def lines_of(found: Found) -> str:
    """Each hit as its text with the sought words in bold, and a line that says where it is from."""
    return "\n\n".join(f"{_snippet(hit, found).shown()}\n  {_origin(hit)}" for hit in found.hits)


def json_of(found: Found) -> str:
    """An array of objects, a line each."""
    return json_of_rows([_record(hit, found) for hit in found.hits])


def csv_of(found: Found) -> str:
    """RFC 4180 with a header, the same columns as the JSON."""
    file = StringIO()
    names = [*Hit.__slots__, "snippet"]
    writer = csv.DictWriter(file, names)
    writer.writeheader()
    writer.writerows(_record(hit, found) for hit in found.hits)
    return file.getvalue().removesuffix("\r\n")


def miss_of(found: Found, wish: Wish) -> str:
    """Why there is nothing, in a sentence."""
    kind = {"quotes": "quote", "articles": "article"}[wish.where]
    if found.absent:
        word, alike = found.absent[0]
        instead = f"; near it: {', '.join(alike)}" if alike else ""
        return f"nothing found: no quote or article has the word {word}{instead}"
    filtered = any((wish.speaker, wish.site, wish.since, wish.until))
    return f"nothing found: no {kind} has all of that" + (" and passes the filters" if filtered else "")


def _record(hit: Hit, found: Found) -> dict[str, object]:
    return asdict(hit) | {"snippet": _snippet(hit, found).plain()}


def _origin(hit: Hit) -> str:
    day = hit.published and hit.published.isoformat()
    told = [hit.speaker, hit.title, hit.site, day, hit.address]
    return " · ".join(_line(part) for part in told if part)


def _snippet(hit: Hit, found: Found) -> _Snippet:
    """The text round its first marks; all of a short text."""
    marks = marks_in(hit.text, found.sought)
    if len(hit.text) <= SNIPPET:
        return _Snippet(text=hit.text, marks=tuple(marks))
    first = marks[0][0] if marks else 0
    start = 0 if first <= BEFORE else _after_blank(hit.text, first - BEFORE, most=first)
    stop = min(start + SNIPPET, len(hit.text))
    lead, tail = (ELLIPSIS if start else ""), (ELLIPSIS if stop < len(hit.text) else "")
    shift = len(lead) - start
    kept = tuple((a + shift, b + shift) for a, b in marks if start <= a and b <= stop)
    return _Snippet(text=lead + hit.text[start:stop].rstrip() + tail, marks=kept)


def _after_blank(text: str, place: int, *, most: int) -> int:
    blank = re.compile(r"\s").search(text, place, most)
    return blank.end() if blank else place


def _line(text: str) -> str:
    return visible(re.sub(r"\s+", " ", text))
