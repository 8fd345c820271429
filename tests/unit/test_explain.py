"""The explanation of a page: every block once and in order, every quote on its words, in HTML and in a terminal."""

import io
import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from extractors.extract import extraction_of
from extractors.formats import pages_in
from extractors.records import Extraction, Page, Role
from flows.explain import explain_text
from tests.report_examples import bridge_page, extraction_of_lines, hostile_page, quote_at
from warehouse.report.explain import HUES, MAX_BLOCKS, explain_html, name_of, voice_class
from warehouse.report.outline import Outline, outline_of

SEEDS = Path(__file__).parents[2] / "seeds"
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def printed(extraction: Extraction, *, terminal: bool = False) -> str:
    console = Console(file=io.StringIO(), force_terminal=terminal, width=100, color_system="256" if terminal else None)
    explain_text(extraction, console)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def marked(outline: Outline) -> dict[UUID, list[str]]:
    found: dict[UUID, list[str]] = {}
    for section in outline.sections:
        for line in section.lines:
            for stretch in line.stretches:
                if stretch.quote:
                    found.setdefault(stretch.quote.quote_id, []).append(stretch.text)
    return found


def test_blocks_stay_in_the_order_of_the_page_and_articles_are_sections() -> None:
    outline = outline_of(bridge_page())
    shape = [
        (section.article.title if section.article else None, [line.placed.block.line for line in section.lines])
        for section in outline.sections
    ]
    assert shape == [
        (None, [1]),
        ("The bridge that moved", [2, 3, 4, 5, 6]),  # with the boilerplate in its midst
        (None, [7]),
        ("A short history of tolls", [8, 9, 10]),
        (None, [11]),
    ]


def test_quotes_lie_on_their_own_words_even_where_the_words_come_twice() -> None:
    page = bridge_page()
    outline = outline_of(page)
    assert marked(outline) == {quote.quote_id: [quote.text] for quote in page.quotes}
    lines = {
        quote.text: line.placed.block.line
        for section in outline.sections
        for line in section.lines
        for quote in line.begins
    }
    assert lines["It had moved,"] == 4


def test_a_quote_over_two_blocks_begins_once_and_goes_on() -> None:
    lines: list[tuple[str, Role, int | None]] = [
        ("“First half.", "content", 0),
        ("Second half,” he said.", "content", 0),
    ]
    page = extraction_of_lines(lines, [])
    article = page.articles[0]
    quote = quote_at(
        article.article_id, article.body, "First half.\nSecond half,", "he", 0, parts=("First half.", "Second half,")
    )
    outline = outline_of(replace(page, quotes=(quote,)))
    first, second = outline.sections[0].lines
    assert (first.begins, first.goes_on, second.begins, second.goes_on) == ((quote,), (), (), (quote,))
    assert marked(outline) == {quote.quote_id: ["First half.", "Second half,"]}


def test_a_quote_within_a_quote_has_its_own_words() -> None:
    page = extraction_of_lines([("She said: he told me to go away, then left.", "content", 0)], [])
    article = page.articles[0]
    outer = quote_at(article.article_id, article.body, "he told me to go away, then left.", "she", 0)
    inner = quote_at(article.article_id, article.body, "go away", "he", 1)
    assert marked(outline_of(replace(page, quotes=(outer, inner)))) == {
        outer.quote_id: ["he told me to ", ", then left."],
        inner.quote_id: ["go away"],
    }


def test_quotes_of_list_items_lie_after_the_mark_that_the_body_gives_them() -> None:
    page = extraction_of_lines([("Ann : Stay.", "quote", 0), ("Bob : Go.", "quote", 0)], [])
    marks = ("•", "2.")
    blocks = tuple(
        replace(placed, block=replace(placed.block, tag="li", marker=mark))
        for placed, mark in zip(page.blocks, marks, strict=True)
    )
    article = replace(page.articles[0], body="- Ann : Stay.\n2. Bob : Go.")
    quotes = tuple(quote_at(article.article_id, article.body, text, None, n) for n, text in enumerate(("Stay.", "Go.")))
    outline = outline_of(replace(page, blocks=blocks, articles=(article,), quotes=quotes))
    assert marked(outline) == {quote.quote_id: [quote.text] for quote in quotes}


def test_a_quote_that_lies_on_no_block_is_still_shown() -> None:
    page = bridge_page()
    article = replace(page.articles[0], body="A body that no block has: here.")
    lost = quote_at(article.article_id, article.body, "here.", "the ghost", 0)
    changed = replace(page, articles=(article, page.articles[1]), quotes=(lost,))
    assert next(s.unplaced for s in outline_of(changed).sections if s.first) == (lost,)
    assert "Quotes that lie on no block" in explain_html(changed)
    assert "❝ on no block: the ghost: here." in printed(changed)


def test_an_article_without_blocks_and_a_page_without_articles_are_shown() -> None:
    page = bridge_page()
    bare = replace(page, blocks=(), quotes=())
    assert [section.article for section in outline_of(bare).sections] == list(page.articles)
    assert "A short history of tolls" in explain_html(bare)
    none = replace(page, articles=(), quotes=(), blocks=tuple(replace(placed, article=None) for placed in page.blocks))
    outline = outline_of(none)
    assert [len(section.lines) for section in outline.sections] == [len(page.blocks)]
    assert outline.rejected == page.rejected  # their article is gone: they belong to the page
    assert "two words in marks" in explain_html(none)


@pytest.mark.parametrize("path", sorted(SEEDS.glob("*.txt")), ids=lambda path: path.stem)
def test_every_quote_of_a_seed_lies_on_its_block(path: Path) -> None:
    (page,) = pages_in(path.read_bytes(), uri=path.name)
    assert isinstance(page, Page)
    extraction = extraction_of(page, today=date(2026, 1, 5))
    outline = outline_of(extraction)
    assert [section.unplaced for section in outline.sections if section.unplaced] == []
    assert len(marked(outline)) == len(extraction.quotes)
    shown = [line.placed for section in outline.sections for line in section.lines]
    assert shown == list(extraction.blocks)


def test_refusals_stand_with_their_article() -> None:
    page = bridge_page()
    assert [section.rejected for section in outline_of(page).sections if section.first] == [page.rejected, ()]


words = st.text(st.sampled_from("ab “”\n"), max_size=12)
roles: st.SearchStrategy[Role] = st.sampled_from(["content", "quote", "title", "boilerplate"])


@given(
    st.lists(st.tuples(words, roles, st.sampled_from([None, 0, 1, 2])), max_size=12),
    st.lists(
        st.tuples(st.integers(0, 2), st.integers(0, 40), st.integers(1, 20), st.sampled_from([None, "x", "y"])),
        max_size=8,
    ),
)
def test_every_block_and_every_quote_is_shown_once(
    lines: list[tuple[str, Role, int | None]], spans: list[tuple[int, int, int, str | None]]
) -> None:
    page = extraction_of_lines(lines, [])
    template = quote_at(UUID(int=0), "x", "x", None, 0)
    bodies = {article.position: article for article in page.articles}
    quotes = tuple(
        replace(
            template,
            quote_id=UUID(int=n),
            article_id=bodies[position].article_id,
            speaker=speaker,
            text=bodies[position].body[start : start + length],
            parts=((start, start + length),),
        )
        for n, (position, start, length, speaker) in enumerate(spans)
        if position in bodies
    )
    outline = outline_of(replace(page, quotes=quotes))
    shown = [line for section in outline.sections for line in section.lines]
    assert [line.placed for line in shown] == list(page.blocks)
    assert all("".join(stretch.text for stretch in line.stretches) == line.placed.block.text for line in shown)
    begun = [quote.quote_id for line in shown for quote in line.begins]
    unplaced = [quote.quote_id for section in outline.sections for quote in section.unplaced]
    assert sorted(begun + unplaced) == [quote.quote_id for quote in quotes]


def test_the_page_shows_roles_reasons_scores_and_lines() -> None:
    html = explain_html(bridge_page())
    for words in (
        "looks like boilerplate",
        "0.97",
        'id="line-4"',
        'class="block is-byline"',
        "the surveyor",
        "inverted_cue",
    ):
        assert words in html
    assert '<mark class="v1 w0">We measured it twice,</mark>' in html


def test_speakers_take_hues_and_then_kinds_of_line() -> None:
    classes = [voice_class(number) for number in range(1, 3 * HUES + 1)]
    assert len(set(classes)) == 3 * HUES
    assert voice_class(0) == "v0"


def test_a_page_is_called_by_the_last_part_of_its_address() -> None:
    page = bridge_page()
    assert name_of(page) == "bridge.txt"
    for url, name in (
        ("https://a.test/x/y.html?q=1", "y.html"),
        ("https://a.test/", "https://a.test/"),
        ("http://[", "http://["),
    ):
        assert name_of(replace(page, page=replace(page.page, url=url))) == name


def test_an_endless_page_is_cut_and_says_so() -> None:
    placed = bridge_page().blocks[0]
    blocks = tuple(
        replace(placed, block=replace(placed.block, position=n, line=n + 1, text="x")) for n in range(MAX_BLOCKS + 7)
    )
    html = explain_html(replace(bridge_page(), blocks=blocks, articles=(), quotes=()))
    assert "7 blocks more at the end of this page are not shown here." in html


def test_a_pipe_gets_a_line_per_block_and_no_escapes() -> None:
    text = printed(bridge_page())
    assert not CONTROLS.search(text)
    assert "    4 content     0.97 “We measured it twice,” said the surveyor." in text
    assert "❝ the mayor: It had moved, (inline direct, inverted_cue, 0.91)" in text
    assert "── article 2: A short history of tolls" in text
    assert "refused quotes.scare two words in marks: so called" in text
    assert [int(line[:5]) for line in text.splitlines() if re.match(r" +\d+ \w", line)] == list(range(1, 12))


def test_a_terminal_gets_colours() -> None:
    assert "\x1b[4;34mWe measured it twice," in printed(bridge_page(), terminal=True)


def test_no_control_of_the_page_reaches_the_terminal() -> None:
    assert not CONTROLS.search(printed(hostile_page()))
    ours = re.compile(r"\x1b\[[\d;]*m")  # what rich writes; the page's own escapes are code points
    seen = printed(hostile_page(), terminal=True)
    assert not CONTROLS.search(ours.sub("", seen))
    assert "⟦U+001B⟧[31m red" in ours.sub("", seen)
