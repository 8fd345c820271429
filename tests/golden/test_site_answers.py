"""Pages in the structure of known sites against their hand-made answers: `seeds/sites/NAME.answer.json` for NAME.html.

The pages are our own, names and words invented; only their structure is the sites'.
"""

import json
from datetime import date
from pathlib import Path
from typing import TypedDict

import pytest

from extractors.extract import extraction_of
from extractors.formats import pages_in
from extractors.records import Extraction, Page
from extractors.sites import site_of, sites

SEEDS = Path(__file__).parents[2] / "seeds" / "sites"
TODAY = date(2025, 6, 1)


class QuoteAnswer(TypedDict):
    text: str
    speaker: str
    kind: str
    exchange: str | None
    stage_directions: list[str]


class Answer(TypedDict):
    page: str
    url: str
    kind: str
    quotes: list[QuoteAnswer]
    not_quotes: list[str]


def answer_of(site: str) -> Answer:
    answer: Answer = json.loads((SEEDS / f"{site}.answer.json").read_text("utf-8"))
    return answer


def extraction(site: str, *, url: str | None = None) -> Extraction:
    (page,) = pages_in((SEEDS / f"{site}.html").read_bytes(), uri=f"seeds/sites/{site}.html", url=url)
    assert isinstance(page, Page), page
    return extraction_of(page, today=TODAY)


def plain(text: str) -> str:
    return " ".join(text.split())


each_site = pytest.mark.parametrize("site", sorted(sites()))


def test_every_site_module_has_a_seed_with_its_answer_and_every_seed_a_module() -> None:
    assert {path.name.removesuffix(".html") for path in SEEDS.glob("*.html")} == set(sites())
    assert {path.name.removesuffix(".answer.json") for path in SEEDS.glob("*.answer.json")} == set(sites())


@each_site
@pytest.mark.parametrize("known", [True, False], ids=["with-address", "by-structure"])
def test_quotes_speakers_and_directions(site: str, *, known: bool) -> None:
    answer = answer_of(site)

    found = extraction(site, url=answer["url"] if known else None)

    assert [article.kind for article in found.articles] == [answer["kind"]]
    assert [(plain(quote.text), quote.speaker, quote.kind, list(quote.stage_directions)) for quote in found.quotes] == [
        (quote["text"], quote["speaker"], quote["kind"], quote["stage_directions"]) for quote in answer["quotes"]
    ]
    assert not {plain(quote.text) for quote in found.quotes} & set(answer["not_quotes"])


@each_site
def test_turns_are_grouped_as_the_page_shows_them(site: str) -> None:
    answer, found = answer_of(site), extraction(site)
    groups: dict[str, set[int | None]] = {}

    for quote, wanted in zip(found.quotes, answer["quotes"], strict=True):
        assert (quote.conversation is None) == (wanted["exchange"] is None), wanted["text"]
        assert not quote.conversation_guessed
        if wanted["exchange"]:
            groups.setdefault(wanted["exchange"], set()).add(quote.conversation)

    assert all(len(numbers) == 1 for numbers in groups.values())
    assert len(set().union(*groups.values())) == len(groups)


@each_site
def test_a_page_of_another_host_is_not_the_sites(site: str) -> None:
    html = (SEEDS / f"{site}.html").read_bytes()

    assert site_of(html, "news.example") is None
    assert site_of(html, answer_of(site)["url"].split("/")[2]) == site
    assert site_of(b"<html><body><p>Words</p></body></html>", answer_of(site)["url"].split("/")[2]) is None
