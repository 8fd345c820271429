"""One page, one article or several: where one ends and the next begins."""

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pytest

from extractors.blocks.model import Booster, shipped_models
from extractors.extract import extraction_of
from extractors.formats import pages_in
from extractors.records import Extraction, Page

CLOCK = (
    (
        "The clock on the market hall of Lower Wexcombe has told the wrong time for as long as anybody can remember, and "
        "on Friday the parish council decided that it will go on doing so."
    ),
    (
        "A firm from the county town had offered to replace the works with an electric motor that is set by radio. The "
        "offer was cheap, the councillors agreed, and the clock would have been right to the second from then on."
    ),
    (
        "But the seventeen minutes by which the clock is late have become a habit of the place. The bus waits for it, the "
        "school begins by it, and the landlord of the inn opposite closes when it strikes eleven."
    ),
    (
        "In the end only two of the nine members voted for the motor. The money will be spent on a new roof for the bus "
        "shelter, where people can wait out the seventeen minutes in the dry."
    ),
)
APPLES = (
    (
        "An apple that was thought to have died out before the First World War has been found in a hedge beside a railway "
        "line, where it had been dropping its fruit on the tracks every autumn."
    ),
    (
        "The tree was noticed by an engine driver who collects old varieties. He asked for the line to be closed for ten "
        "minutes, climbed the bank and came back with a bag of small yellow apples with a red cheek."
    ),
    (
        "Experts at the national fruit collection compared them with drawings from the nineteenth century and with the "
        "genes of two hundred other kinds. They are certain that the tree is the last of its sort."
    ),
    (
        "Cuttings have been taken to three gardens in different parts of the country, so that a single storm or a careless "
        "worker with a saw cannot put an end to the apple a second time."
    ),
)
TITLES = ("The clock that is allowed to be late", "Lost apple found beside a railway line")


def html_of(title: str, paragraphs: tuple[str, ...], *, before: str = "") -> str:
    text = "".join(f"<p>{paragraph}</p>\n" for paragraph in paragraphs)
    return (
        f'<!doctype html>\n<html lang="en"><head><title>{title}</title></head><body>\n'
        '<header><nav><ul><li><a href="/">Home</a></li><li><a href="/news">News</a></li></ul></nav></header>\n'
        f"<main><article><h1>{title}</h1>{before}\n{text}</article></main>\n"
        "<footer><p>Copyright Example</p></footer></body></html>\n"
    )


def extraction_from(text: str, *, uri: str = "page.html") -> Extraction:
    (page,) = pages_in(text.encode(), uri=uri)
    assert isinstance(page, Page)
    return extraction_of(page, today=date(2025, 6, 1))


def test_pasted_documents_are_articles_with_titles_of_their_own() -> None:
    pages = [html_of(title, text) for title, text in zip(TITLES, (CLOCK, APPLES), strict=True)]
    extraction = extraction_from("".join(pages))
    assert [article.title for article in extraction.articles] == list(TITLES)
    assert [article.position for article in extraction.articles] == [0, 1]
    for article, text in zip(extraction.articles, (CLOCK, APPLES), strict=True):
        assert all(paragraph in article.body for paragraph in text)
        assert "Copyright" not in article.body
    first, second = extraction.articles
    assert not set(first.body.split("\n\n")) & set(second.body.split("\n\n"))


@pytest.mark.parametrize(
    ("text", "uri"),
    [
        pytest.param(html_of(TITLES[0], CLOCK), "page.html", id="html"),
        pytest.param("\n\n".join((TITLES[0], *CLOCK)), "page.txt", id="text"),
        pytest.param(html_of(TITLES[0], CLOCK + APPLES), "page.html", id="one text about two things"),
    ],
)
def test_one_article(text: str, uri: str) -> None:
    (article,) = extraction_from(text, uri=uri).articles
    assert article.title == TITLES[0]
    assert all(paragraph in article.body for paragraph in CLOCK)


def test_every_block_of_a_body_belongs_to_its_article() -> None:
    pages = [html_of(title, text) for title, text in zip(TITLES, (CLOCK, APPLES), strict=True)]
    extraction = extraction_from("".join(pages))
    for article in extraction.articles:
        owned = [placed.block.text for placed in extraction.blocks if placed.article == article.position]
        assert [text for text in article.body.split("\n\n") if text not in owned] == []


ASIDES = (
    "This post contains affiliate links: if you buy something through them, we earn a small commission.",
    "Never miss a clock again: sign up for our weekly newsletter.",
    "If you enjoyed this article, please consider sharing it with a friend.",
)


@pytest.mark.parametrize("uri", ["page.html", "page.txt"])
def test_what_a_site_says_for_itself_is_no_part_of_an_article(uri: str) -> None:
    paragraphs = (*CLOCK, ASIDES[0], *APPLES, ASIDES[1])
    text = html_of(TITLES[0], paragraphs) if uri == "page.html" else "\n\n".join((TITLES[0], *paragraphs))
    extraction = extraction_from(text, uri=uri)
    (article,) = extraction.articles
    assert all(paragraph in article.body for paragraph in CLOCK + APPLES)
    assert [aside for aside in ASIDES[:2] if aside in article.body] == []
    reasons = {placed.block.text: placed.verdict.reason for placed in extraction.blocks}
    assert "the site speaks for itself" in {reasons[aside] for aside in ASIDES[:2]}


def test_an_article_about_newsletters_keeps_its_paragraphs() -> None:
    (article,) = extraction_from(html_of("How clocks are sold", (CLOCK[0], *ASIDES, APPLES[0]))).articles
    assert all(aside in article.body for aside in ASIDES)


@dataclass
class Always:
    """A model that says the same of every row."""

    chance: float

    def predict(self, rows: np.ndarray, **_: object) -> np.ndarray:
        return np.full(len(rows), self.chance)


def test_a_document_that_was_cut_into_what_is_no_article_is_one_text() -> None:
    (page,) = pages_in(html_of(TITLES[0], (*CLOCK, f"</p><h1>{TITLES[1]}</h1><p>", *APPLES)).encode(), uri="page.html")
    assert isinstance(page, Page)
    torn = replace(shipped_models("html"), cuts=Booster(Always(1.0)), pieces=Booster(Always(0.0)))
    (article,) = extraction_of(page, today=date(2025, 6, 1), models=torn).articles
    assert all(paragraph in article.body for paragraph in (*CLOCK, *APPLES))
    assert article.kind == "other"


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        pytest.param("<!doctype html><title>x</title><script>y</script>", "no text", id="nothing to see"),
        pytest.param("<!doctype html><nav><a href='/'>Home</a> <a href='/x'>News</a></nav>", "blocks", id="a menu"),
    ],
)
def test_a_page_without_an_article_says_why(text: str, detail: str) -> None:
    extraction = extraction_from(text)
    assert extraction.articles == ()
    (refused,) = extraction.rejected
    assert (refused.stage, refused.code, refused.page_id) == ("extract", "extract.no_article", extraction.page.page_id)
    assert detail in refused.detail


def test_a_page_the_parser_must_not_see_is_refused_whole() -> None:
    extraction = extraction_from("<!doctype html>" + "<div>" * 20_000)
    assert [refused.code for refused in extraction.rejected] == ["html.too_deep"]
    assert (extraction.articles, extraction.blocks) == ((), ())
