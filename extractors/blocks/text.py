"""Plain text → blocks: a block is a line, or a paragraph whose lines were wrapped at a fixed width."""

import re
from collections.abc import Iterator

from extractors.blocks.document import Document
from extractors.records import Block

# "  • item", "  1. item", "- item"; a dash may also open dialogue, so it needs an indent or further dashes nearby.
MARKER = re.compile(r"(?P<indent>[ \t\u00a0]*)(?P<marker>[•◦▪‣·∙●○■]|\d{1,3}[.)]|[*+-])[ \t\u00a0]+(?=\S)")
BULLETS = frozenset("•◦▪‣·∙●○■*")
WRAP_WIDTHS = range(55, 101)  # columns at which people and programs wrap plain text
MIN_WRAPPED = 0.6  # share of the page's longer lines that end near the width before it counts as wrapped


def document_of(text: str) -> Document:
    """The blocks of a text page whose lines end in newlines only; `start` and `stop` index `text`."""
    lines = list(_lines(text))
    width = _wrap_width([text[start:stop] for _, start, stop, _ in lines])
    blocks: list[Block] = []
    for number, start, stop, gap in lines:
        block = _block(len(blocks), text, number, start, stop, gap)
        previous = blocks[-1] if blocks else None
        if previous and width and _continues(previous, block, text, width):
            blocks[-1] = _joined(previous, block)
        else:
            blocks.append(block)
    return Document(blocks=tuple(blocks))


def _lines(text: str) -> Iterator[tuple[int, int, int, int]]:
    """(1-based number, start, stop, blank lines before) of every line that holds more than white space."""
    start = gap = 0
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            yield number, start, start + len(line), gap
            gap = 0
        else:
            gap += 1
        start += len(line) + 1


def _block(position: int, text: str, number: int, start: int, stop: int, gap: int) -> Block:
    line = text[start:stop]
    match = None if line[0].isalpha() else MARKER.match(line)
    marker, level = "", 0
    if match and (match["indent"] or match["marker"] in BULLETS or match["marker"][0].isdigit()):
        marker = match["marker"]
        level = 1 + max(0, len(match["indent"].expandtabs(4)) - 2) // 2
        start += match.end()
    else:
        start += len(line) - len(line.lstrip())
    stop = start + len(text[start:stop].rstrip())
    return Block(
        position=position,
        line=number,
        start=start,
        stop=stop,
        text=" ".join(text[start:stop].split()),
        tag="li" if marker else "",
        marker=marker,
        level=level,
        gap=gap,
    )


def _wrap_width(lines: list[str]) -> int:
    """The column at which the page's paragraphs are wrapped, 0 where each stands on a line of its own."""
    longest = max(map(len, lines), default=0)
    if longest not in WRAP_WIDTHS or len(lines) < 4:
        return 0
    near = sum(len(line) >= longest * 0.8 for line in lines)
    long = sum(len(line) >= longest * 0.4 for line in lines)
    return longest if near >= MIN_WRAPPED * long else 0


def _continues(previous: Block, block: Block, text: str, width: int) -> bool:
    """Does the line go on with the paragraph before? Only if that line was full and no blank line stands between."""
    if block.gap or block.marker:
        return False
    first_word = block.text.split(" ", 1)[0]
    line_start = text.rfind("\n", 0, previous.stop) + 1
    return previous.stop - line_start + 1 + len(first_word) > width


def _joined(a: Block, b: Block) -> Block:
    return Block(
        position=a.position,
        line=a.line,
        start=a.start,
        stop=b.stop,
        text=f"{a.text} {b.text}",
        tag=a.tag,
        marker=a.marker,
        level=a.level,
        gap=a.gap,
    )
