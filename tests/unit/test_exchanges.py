"""Which script lines answer each other, where only their order tells."""

from uuid import UUID

import pytest

from extractors.articles.assemble import body_of
from extractors.blocks.text import document_of
from extractors.quotes.find import quotes_of


def conversations(speakers: str) -> str:
    """One letter for each line's conversation, "-" for a line by itself; a dot in `speakers` is a gap of prose."""
    lines = [
        f"{letter}ob: It was line {n}." if letter != "." else "It rained.\n\nIt rained on."
        for n, letter in enumerate(speakers)
    ]
    lines = [line if "ob" in line else f"{line}\n\nAnd on and on it rained." for line in lines]
    body, passages = body_of(document_of("\n\n".join(lines)).blocks)
    quotes, _ = quotes_of(UUID(int=0), body, passages)
    assert all(quote.conversation_guessed == (quote.conversation is not None) for quote in quotes)
    return "".join("-" if quote.conversation is None else "abcdef"[quote.conversation] for quote in quotes)


@pytest.mark.parametrize(
    ("speakers", "wanted"),
    [
        ("RBRB", "aaaa"),
        ("RBRRB", "aaabb"),  # the same voice twice: the second time it begins anew
        ("RBRCBR", "aaaaaa"),  # a third voice, and both others go on
        ("RBRCRC", "aaabbb"),  # a third voice takes one of them aside
        ("RB.RB", "aabb"),
        ("RRRR", "----"),
    ],
)
def test_exchanges_are_guessed_from_who_speaks_after_whom(speakers: str, wanted: str) -> None:
    assert conversations(speakers) == wanted
