"""Page text is made fit to look at: nothing hidden, nothing endless, no unsafe link."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.report_examples import HOSTILE_URLS
from warehouse.report.text import cut, excerpt, lasting, linkable, quantity, shown, visible


@pytest.mark.parametrize(
    ("raw", "seen"),
    [
        ("abc\u202egnp.exe", "abc⟦U+202E⟧gnp.exe"),
        ("\u2066a\u2069", "⟦U+2066⟧a⟦U+2069⟧"),
        ("nul\x00", "nul⟦U+0000⟧"),
        ("\x1b[31mred\x9b2J", "⟦U+001B⟧[31mred⟦U+009B⟧2J"),
        ("half \ud800", "half ⟦U+D800⟧"),
        ("line\nand\ttab", "line\nand\ttab"),
        ("‘It’s fine — really…’ שלום 👩\u200d🚀 می\u200cخواهم", "‘It’s fine — really…’ שלום 👩\u200d🚀 می\u200cخواهم"),
    ],
)
def test_hidden_characters_become_code_points_and_nothing_else_changes(raw: str, seen: str) -> None:
    assert visible(raw) == seen


def test_a_word_of_a_million_characters_is_cut_with_its_length() -> None:
    assert visible("x" * 1_000_000 + " end") == "x" * 160 + "⟦… 1,000,000 characters⟧ end"


def test_text_is_cut_at_a_word_and_says_how_long_it_was() -> None:
    assert cut("one two three four", 10) == "one two ⟦… 18 characters⟧"
    assert cut("one two", 10) == "one two"
    assert cut(cut("word " * 200, 300), 100).endswith("⟦… 1,000 characters⟧")  # the first length, not that of the cut


@given(st.text(st.characters(codec=None), max_size=2000), st.integers(4, 500))
def test_shown_text_is_bounded_printable_and_can_be_written(text: str, most: int) -> None:
    seen = shown(text, most)
    assert len(seen) <= 2 * most + 40
    seen.encode("utf-8")
    assert not [c for c in seen if unicodedata.category(c) in {"Cc", "Cs"} and c not in "\t\n"]
    assert not [
        c for c in seen if unicodedata.bidirectional(c) in {"RLO", "LRO", "RLE", "LRE", "PDF", "RLI", "LRI", "PDI"}
    ]


@pytest.mark.parametrize("url", ["https://example.test/a?b=c#d", "http://example.test"])
def test_web_addresses_are_linked(url: str) -> None:
    assert linkable(url)


@pytest.mark.parametrize(
    "url",
    [
        *HOSTILE_URLS[:2],
        HOSTILE_URLS[3],
        None,
        "",
        "http://[",
        "https://a b",
        "java\nscript:x",
        "https:///x",
        "https://" + "x" * 500,
    ],
)
def test_other_addresses_are_not(url: str | None) -> None:
    assert not linkable(url)


@pytest.mark.parametrize(
    ("payload", "seen"),
    [
        (b"", ""),
        ("naïve".encode(), "naïve"),
        (b"\x89PNG\xff", "89 50 4e 47 ff"),
        ("é".encode() * 2000, "é" * 300 + " ⟦… 4,000 bytes⟧"),
        (b"x" + "é".encode() * 2000, "x" + "é" * 299 + " ⟦… 4,001 bytes⟧"),  # cut in the midst of a character
        (b"\x00" * 9000, "\x00" * 300 + " ⟦… 9,000 bytes⟧"),
    ],
)
def test_refused_bytes_are_shown_as_text_or_hexadecimal(payload: bytes, seen: str) -> None:
    assert excerpt(payload) == seen


@given(st.binary(max_size=3000))
def test_an_excerpt_of_any_bytes_is_short(payload: bytes) -> None:
    assert len(excerpt(payload)) <= 340


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.04, "40 ms"), (3.21, "3.2 s"), (245, "4 min 05 s"), (7380, "2 h 03 min"), (59.99, "1 min 00 s")],
)
def test_durations_are_in_the_unit_a_reader_would_choose(seconds: float, words: str) -> None:
    assert lasting(seconds) == words


def test_counts_have_their_noun() -> None:
    assert [quantity(1, "page"), quantity(1204, "quote"), quantity(2, "copy", "copies")] == [
        "1 page",
        "1,204 quotes",
        "2 copies",
    ]
