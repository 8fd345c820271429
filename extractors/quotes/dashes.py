"""Dialogue that a dash opens: `— Bonjour, dit Claire. Entrez donc.`, `—No —respondió Luis—, estoy cansado.`"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from extractors.quotes import clauses
from extractors.quotes.chunks import Chunker
from extractors.quotes.passages import Passage

OPENING = re.compile(r"\s{0,8}[—–―]\s{0,3}(?=[^\W\d_]|[¿¡«“\"…])")
DASH = re.compile(r"\s*[—–―]+\s*")
BREAK = re.compile(r"(?<=[,?!…])\s+")
INCISE_END = re.compile(r"[.,;:!?]\s+|[.!?]?$")
MAX_INCISE = 120  # characters of an attribution inside a speech
MAX_SPEECH = 20_000  # characters of a paragraph read as dialogue
MIN_TURNS = 2  # paragraphs of the form before a page counts as dialogue, unless an attribution stands in the first


@dataclass(frozen=True, slots=True, kw_only=True)
class Speech:
    """What is spoken in a passage: `parts` index its text; `written` is who speaks, as far as the passage says."""

    parts: tuple[tuple[int, int], ...]
    written: str | None


def dash_speeches(passages: Sequence[Passage], chunks: Chunker) -> dict[int, Speech]:
    """The passages that are dialogue behind a dash, by their number."""
    found = {
        number: _speech(passage.text, match.end(), chunks)
        for number, passage in enumerate(passages)
        if not passage.heading and passage.tag != "li" and (match := OPENING.match(passage.text))
        if len(passage.text) <= MAX_SPEECH and not _signature(passage.text[match.end() :])
    }
    told = any(speech.written for speech in found.values())
    return found if told or len(found) > MIN_TURNS else {}


def _signature(text: str) -> bool:
    """A name behind a dash is whose words stand above."""
    words = text.split()
    return len(words) <= 5 and all(word[0].isupper() for word in words) and text[-1:] not in ".!?…"


def _speech(text: str, start: int, chunks: Chunker) -> Speech:
    pieces = [start, *(place for match in DASH.finditer(text, start) for place in match.span()), len(text)]
    spans = list(zip(pieces[::2], pieces[1::2], strict=True))
    parts: list[tuple[int, int]] = []
    written: str | None = None
    for number, (begin, stop) in enumerate(spans):
        said = _said(text[begin : begin + MAX_INCISE], chunks) if number else None
        if said:
            written = written or said
            end = INCISE_END.search(text, begin, stop) if number + 1 == len(spans) else None
            if end and end.end() < stop:  # "— dijo Ana. Y salió.": told, not spoken
                continue
        else:
            inner, who = _with_incises(text, begin, stop, chunks)
            parts += inner
            written = written or who
    return Speech(parts=tuple(trimmed for part in parts if (trimmed := _trimmed(text, part))), written=written)


def _with_incises(text: str, begin: int, stop: int, chunks: Chunker) -> tuple[list[tuple[int, int]], str | None]:
    """The spoken pieces of text[begin:stop] around attributions between commas: `Oui, dit Paul, je viens.`"""
    parts: list[tuple[int, int]] = []
    written: str | None = None
    place = begin
    for match in BREAK.finditer(text, begin, stop):
        if match.start() < place:
            continue
        said = _said(text[match.end() : min(stop, match.end() + MAX_INCISE)], chunks)
        if said:
            parts.append((place, match.start()))
            written = written or said
            end = INCISE_END.search(text, match.end(), stop)
            place = end.end() if end else stop
    parts.append((place, stop))
    return parts, written


def _said(text: str, chunks: Chunker) -> str | None:
    if text[:1].isupper():
        return None
    clause = chunks(text)
    end = next((at for at, code in enumerate(clause.codes) if code in ".,;"), len(clause.codes))
    found = clauses.inverted(clause.cut(0, end))
    return clause.written(found) if found is not None else None


def _trimmed(text: str, part: tuple[int, int]) -> tuple[int, int] | None:
    piece = text[part[0] : part[1]]
    start = part[0] + len(piece) - len(piece.lstrip(" ,"))
    return (start, part[0] + len(piece.rstrip())) if any(map(str.isalnum, piece)) else None
