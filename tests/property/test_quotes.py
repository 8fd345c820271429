"""Any text has quotes that are slices of it, whatever marks stand in it, and in time that grows with it."""

import time
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.quotes.find import quotes_of, text_of_parts
from extractors.quotes.passages import Passage
from extractors.quotes.scan import spans_in

PIECES = st.sampled_from(
    [*"“”„«»‹›‘’‚\"'「」『』—–-,.!?:;()[]>\n ", "``", "''", "â€œ", "â€\x9d", "said Ann Lee", "Bo told her", " he added", "the mayor said",
     "It is late", "dit-il", "sagte Tom", "花子は", "と言った", "Dr. Lee’s", "’90s", "\0", "\u2028", "Q: ", "x" * 50]
)  # fmt: skip
PARAGRAPHS = st.lists(st.lists(PIECES, max_size=25).map("".join).map(str.strip), min_size=1, max_size=8)
TIMES, SLACK = 30, 1.0  # ten times the text may take thirty times as long, and a second, on a busy machine


def passages_of(paragraphs: list[str]) -> tuple[str, list[Passage]]:
    """(the body, its passages)."""
    passages: list[Passage] = []
    place = 0
    for number, text in enumerate(paragraphs):
        passages.append(Passage(start=place, stop=place + len(text), text=text, heading=number == 3))
        place += len(text) + 2
    return "\n\n".join(paragraphs), passages


@given(PARAGRAPHS)
def test_quotes_are_slices_in_order(paragraphs: list[str]) -> None:
    body, passages = passages_of(paragraphs)
    quotes, refused = quotes_of(UUID(int=1), body, passages)
    assert [quote.start for quote in quotes] == sorted(quote.start for quote in quotes)
    for quote in quotes:
        assert quote.text == text_of_parts(body, quote.parts)
        assert quote.text
        assert 0 <= quote.start < quote.stop <= len(body)
        assert all(a < b for a, b in quote.parts)
        assert 0 < quote.confidence <= 1
    assert all(0 <= item.start < item.stop <= len(body) for item in refused)


@given(st.lists(PIECES, max_size=60).map("".join))
def test_spans_do_not_overlap(text: str) -> None:
    spans = spans_in(text)
    assert all(a.ends <= b.opens for a, b in pairwise(spans))
    assert all(span.opens < span.start <= span.stop <= span.ends for span in spans)


@pytest.mark.parametrize(
    "unit",
    ["“Go on, Ann,” said Bob Ray. ", "“a” ", "A. B “c ", "'a ", "‘a “b ", "” .", "— Non, dit-il. ", "> a ", "Ann Lee said ", "word "],
)  # fmt: skip
def test_time_grows_with_the_text(unit: str) -> None:
    def seconds(size: int) -> float:
        text = unit * (size // len(unit))
        begin = time.process_time()
        quotes_of(UUID(int=1), text, [Passage(start=0, stop=len(text), text=text)])
        return time.process_time() - begin

    seconds(1000)
    assert seconds(50_000) < TIMES * seconds(5_000) + SLACK
