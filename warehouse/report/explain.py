"""The explain page: a document as it came, every block with its role and reason, the quotes in their speakers' colours."""

from collections import Counter
from collections.abc import Iterable
from itertools import islice
from pathlib import PurePosixPath
from typing import get_args
from urllib.parse import urlsplit

from extractors.records import Extraction, Role
from warehouse.report.outline import Outline, Section, outline_of, shortened
from warehouse.report.render import html_of

HUES = 8  # colours of style.css; further speakers take them again with another kind of line
LINES = 3  # kinds of line: solid, dashed, dotted
MAX_BLOCKS = 20_000  # a page of more is shown to there, and says so


def explain_html(extraction: Extraction) -> str:
    """One self-contained page that shows what became of every block, and why."""
    outline = outline_of(extraction)
    sections = tuple(_within(outline.sections, MAX_BLOCKS))
    return html_of(
        "explain.html",
        page=extraction,
        name=name_of(extraction),
        outline=Outline(sections=sections, rejected=outline.rejected, voices=outline.voices),
        begun=[section for section in sections if section.article and section.first],
        numbers={voice.speaker: voice.number for voice in outline.voices},
        roles=get_args(Role),
        role_counts=Counter(placed.verdict.role for placed in extraction.blocks),
        hidden_blocks=len(extraction.blocks) - sum(len(section.lines) for section in sections),
        voice_class=voice_class,
        shortened=shortened,
        most={"voices": 40, "refusals": 100, "notes": 60, "sections": 200},
    )


def name_of(extraction: Extraction) -> str:
    """What a reader calls the page: the last part of its address, or the address."""
    place = extraction.page.url or extraction.page.uri
    try:
        return PurePosixPath(urlsplit(place).path).name or place
    except ValueError:
        return place


def voice_class(number: int) -> str:
    """The style class of a speaker's number: a hue and a kind of line; 0, nobody, has its own."""
    return "v0" if number == 0 else f"v{(number - 1) % HUES + 1} w{(number - 1) // HUES % LINES}"


def _within(sections: Iterable[Section], most: int) -> Iterable[Section]:
    """The sections up to `most` lines in all; an article that begins later keeps its heading."""
    for section in sections:
        lines = tuple(islice(section.lines, max(most, 0)))
        most -= len(section.lines)
        if lines or section.article:
            yield Section(
                article=section.article,
                first=section.first,
                lines=lines,
                rejected=section.rejected,
                unplaced=section.unplaced,
            )
