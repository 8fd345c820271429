"""Plain text → blocks: lines and wrapped paragraphs, list markers, gaps, line numbers."""

import pytest

from extractors.blocks.text import document_of
from extractors.records import Block

WRAPPED = """The morning market on the old quay opened an hour late because the
river had risen in the night and the stalls stood in a hand of water.
The fishmonger said that he had seen worse in the spring of his first
year and that the ice would keep.
He sold everything by noon.

A second paragraph begins here and it is wrapped at the same width as
the first.
  - an item of a list that comes directly behind the paragraph above it
    stays an item
"""


def blocks_of(text: str) -> tuple[Block, ...]:
    return document_of(text).blocks


@pytest.mark.parametrize(
    ("line", "marker", "level", "text"),
    [
        ("  • one", "•", 1, "one"),
        ("• one", "•", 1, "one"),
        ("* one", "*", 1, "one"),
        ("    • two", "•", 2, "two"),
        ("      • three", "•", 3, "three"),
        ("\t• tab", "•", 2, "tab"),
        ("1. first", "1.", 1, "first"),
        (" 12) twelfth", "12)", 1, "twelfth"),
        ("  - dashed", "-", 1, "dashed"),
        ("- Spoken with a dash.", "", 0, "- Spoken with a dash."),
        ("1999. A year", "", 0, "1999. A year"),
        ("1.5 litres", "", 0, "1.5 litres"),
        ("•no space", "", 0, "•no space"),
        ("•", "", 0, "•"),
    ],
)
def test_list_markers(line: str, marker: str, level: int, text: str) -> None:
    (block,) = blocks_of(line)
    assert (block.marker, block.level, block.text) == (marker, level, text)
    assert block.tag == ("li" if marker else "")


def test_gaps_and_line_numbers() -> None:
    blocks = blocks_of("\nTitle\n\n \t\nFirst.\nSecond.\n\n")
    assert [(block.text, block.line, block.gap) for block in blocks] == [
        ("Title", 2, 1),
        ("First.", 5, 2),
        ("Second.", 6, 0),
    ]


def test_offsets_index_the_text_without_its_indents_and_markers() -> None:
    text = "  Title \n\n  • one  item\n a\u00a0b\tc\n"
    blocks = blocks_of(text)
    assert [text[block.start : block.stop] for block in blocks] == ["Title", "one  item", "a\u00a0b\tc"]
    assert [block.text for block in blocks] == ["Title", "one item", "a b c"]


def test_wrapped_paragraphs_are_joined() -> None:
    first, short, second, item = blocks_of(WRAPPED)
    assert first.text.startswith("The morning market")
    assert first.text.endswith("because the river had risen in the night and the stalls stood in a hand of water. "
                               "The fishmonger said that he had seen worse in the spring of his first year and that the ice would keep.")  # fmt: skip
    assert (first.line, short.line, second.line, item.line) == (1, 5, 7, 9)
    assert short.text == "He sold everything by noon."
    assert second.text.endswith("the same width as the first.")
    assert item.marker == "-"
    assert item.text.endswith("the paragraph above it stays an item")
    assert " ".join(WRAPPED[first.start : first.stop].split()) == first.text


def test_lines_that_are_paragraphs_are_not_joined() -> None:
    lines = [
        "Short line.",
        "Another that is a little longer than the first.",
        "A third one.",
        "And a fourth line here.",
    ]
    assert [block.text for block in blocks_of("\n".join(lines))] == lines


@pytest.mark.parametrize("text", ["", "\n\n", " \t\n\u00a0\n"])
def test_nothing(text: str) -> None:
    assert blocks_of(text) == ()
