"""The seed pages against their hand-made answers: `seeds/NAME.answer.json`, written from reading the page NAME.txt.

A row with `disputed` is neither required nor penalised, unless the dispute is about the speaker only: then the words
are required, whoever said them. `neutral_lines` (titles, standfirsts) may be in the body or not.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import NotRequired, TypedDict

import pytest

from extractors.extract import extraction_of
from extractors.formats import pages_in
from extractors.records import Article, Extraction, Page, Quote

SEEDS = Path(__file__).parents[2] / "seeds"
TODAY = date(2025, 6, 1)
MARKER = re.compile(r"^\s*(?:[•*‣-]|\d+[.)])\s+")  # of a list item; the body goes without
LISTED = {"dialogue_line", "list_item"}

LineRanges = list[list[int]]


class WorkAnswer(TypedDict):
    title: str
    year: int | None
    type: str


class NeutralLines(TypedDict):
    lines: list[int]
    why: str


class ArticleAnswer(TypedDict):
    position: int
    title: str
    title_also: list[str]
    site: str | None
    site_also: list[str]
    kind: str
    kind_also: list[str]
    authors: list[str]
    published: str | None
    modified: str | None
    work: WorkAnswer | None
    work_also: NotRequired[list[WorkAnswer]]
    lines: LineRanges
    not_lines: LineRanges
    neutral_lines: list[NeutralLines]
    first_words: str
    last_words: str


class QuoteAnswer(TypedDict):
    line: int
    article: int
    text: str
    speaker: str | None
    speaker_also: list[str]
    stage_directions: list[str]
    disputed: NotRequired[str]


class NotQuoteAnswer(TypedDict):
    line: int
    text: str
    why: str
    disputed: NotRequired[str]


class DialogueAnswer(TypedDict):
    article: int
    count: int
    speakers: dict[str, int]


class Answer(TypedDict):
    page: str
    articles: list[ArticleAnswer]
    quotes: list[QuoteAnswer]
    not_quotes: list[NotQuoteAnswer]
    dialogue: list[DialogueAnswer]


ANSWERS: list[Answer] = [json.loads(path.read_text("utf-8")) for path in sorted(SEEDS.glob("*.answer.json"))]
each_seed = pytest.mark.parametrize("answer", ANSWERS, ids=[answer["page"] for answer in ANSWERS])


@cache
def extraction(name: str) -> Extraction:
    """What comes of a seed, which is one page."""
    (page,) = pages_in((SEEDS / name).read_bytes(), uri=f"seeds/{name}")
    assert isinstance(page, Page), page
    return extraction_of(page, today=TODAY)


@cache
def text_lines(name: str) -> list[str]:
    """The lines of a seed; line n of the answers is item n - 1."""
    return (SEEDS / name).read_bytes().decode("utf-8").split("\n")


def plain(text: str) -> str:
    """Every run of white space as one space, none at the ends."""
    return " ".join(text.split())


def numbered(name: str, ranges: LineRanges) -> Iterator[tuple[int, str]]:
    """(number, text without list marker) of the lines with words in the inclusive ranges."""
    for first, last in ranges:
        for number in range(first, last + 1):
            text = plain(MARKER.sub("", text_lines(name)[number - 1]))
            if re.search(r"\w", text):
                yield number, text


def pairs(answer: Answer) -> list[tuple[ArticleAnswer, Article]]:
    """The expected articles, each with the found one; the test of their number is `test_articles`."""
    return list(zip(answer["articles"], extraction(answer["page"]).articles, strict=False))


def quotes_of(answer: Answer, position: int) -> list[Quote]:
    """The quotes found in the article at the position."""
    found = extraction(answer["page"])
    ids = {article.article_id for article in found.articles if article.position == position}
    return [quote for quote in found.quotes if quote.article_id in ids]


def none_of(faults: list[str]) -> None:
    """Fails with one line for each fault."""
    assert not faults, f"{len(faults)} faults:\n" + "\n".join(faults)


def test_every_seed_has_an_answer() -> None:
    pages = {path.name for path in SEEDS.glob("*.txt")}
    assert pages == {answer["page"] for answer in ANSWERS}


@each_seed
def test_articles(answer: Answer) -> None:
    found = extraction(answer["page"]).articles
    assert [a.position for a in found] == [a["position"] for a in answer["articles"]], [a.title for a in found]


@each_seed
def test_titles_sites_and_kinds(answer: Answer) -> None:
    none_of(
        [
            f"article {a['position']}: {name} is {value!r}, not {allowed[0]!r}"
            for a, found in pairs(answer)
            for name, value, allowed in (
                ("title", found.title and plain(found.title), [a["title"], *a["title_also"]]),
                ("site", found.site, [a["site"], *a["site_also"]]),
                ("kind", found.kind, [a["kind"], *a["kind_also"]]),
            )
            if value not in allowed
        ]
    )


@each_seed
def test_authors_and_dates(answer: Answer) -> None:
    none_of(
        [
            f"article {a['position']}: {name} is {value!r}, not {expected!r}"
            for a, found in pairs(answer)
            for name, value, expected in (
                ("authors", list(found.authors), a["authors"]),
                ("published", found.published and found.published.isoformat(), a["published"]),
                ("modified", found.modified and found.modified.isoformat(), a["modified"]),
            )
            if value != expected
        ]
    )


@each_seed
def test_works(answer: Answer) -> None:
    faults = []
    for a, found in pairs(answer):
        work = found.work and WorkAnswer(title=found.work.title, year=found.work.year, type=found.work.type)
        if work not in [a["work"], *a.get("work_also", [])]:
            faults.append(f"article {a['position']}: the work is {work}, not {a['work']}")
    none_of(faults)


@each_seed
def test_bodies_hold_their_lines(answer: Answer) -> None:
    places = {placed.block.line: placed.article for placed in extraction(answer["page"]).blocks}
    faults = []
    for a, found in pairs(answer):
        body, position = plain(found.body), a["position"]
        out = {number for number, _ in numbered(answer["page"], a["not_lines"])}
        for number, text in numbered(answer["page"], a["lines"]):
            if number not in out and (text not in body or places.get(number, position) != position):
                faults.append(f"article {position} lacks line {number}: {text[:80]}")
    none_of(faults)


@each_seed
def test_bodies_hold_no_boilerplate(answer: Answer) -> None:
    bodies = [(found.position, {plain(line) for line in found.body.split("\n")}) for _, found in pairs(answer)]
    none_of(
        [
            f"article {position} has line {number}: {text[:80]}"
            for a in answer["articles"]
            for number, text in numbered(answer["page"], a["not_lines"])
            for position, body in bodies
            if text in body
        ]
    )


@each_seed
def test_bodies_begin_and_end(answer: Answer) -> None:
    faults = []
    for a, found in pairs(answer):
        neutral = {text for _, text in numbered(answer["page"], [row["lines"] for row in a["neutral_lines"]])}
        body = plain(
            "\n".join(line.removeprefix("- ") for line in found.body.split("\n") if plain(line) not in neutral)
        )
        if not body.startswith(a["first_words"]):
            faults.append(f"article {a['position']} begins: {body[:80]}")
        if not body.endswith(a["last_words"]):
            faults.append(f"article {a['position']} ends: {body[-80:]}")
    none_of(faults)


@each_seed
def test_quotes(answer: Answer) -> None:
    faults = []
    for row in answer["quotes"]:
        speaker_only = row.get("disputed", "").startswith("speaker only")
        if "disputed" in row and not speaker_only:
            continue
        where = f"article {row['article']}, line {row['line']}: {row['text'][:60]!r}"
        found = [quote for quote in quotes_of(answer, row["article"]) if plain(quote.text) == plain(row["text"])]
        speakers = {quote.speaker for quote in found}
        if not found:
            faults.append(f"{where} is missing")
        elif not speaker_only and not speakers & {row["speaker"], *row["speaker_also"]}:
            faults.append(f"{where} is said by {speakers}, not {row['speaker']!r}")
        elif row["stage_directions"] not in [list(quote.stage_directions) for quote in found]:
            faults.append(f"{where} has directions {[quote.stage_directions for quote in found]}")
    none_of(faults)


@each_seed
def test_no_other_words_are_quotes(answer: Answer) -> None:
    found = {plain(quote.text) for quote in extraction(answer["page"]).quotes}
    none_of(
        [
            f"line {row['line']}: {row['text'][:60]!r} is no quote ({row['why']})"
            for row in answer["not_quotes"]
            if "disputed" not in row and {plain(row["text"]), row["text"].strip("[] ")} & found
        ]
    )


@each_seed
def test_dialogue_counts(answer: Answer) -> None:
    faults = []
    for row in answer["dialogue"]:
        listed = [quote for quote in quotes_of(answer, row["article"]) if quote.kind in LISTED]
        speakers = Counter(quote.speaker or "nobody" for quote in listed)
        expected = Counter(row["speakers"])
        if len(listed) != row["count"] or speakers != expected:
            faults.append(
                f"article {row['article']}: {len(listed)} lines, not {row['count']}; "
                f"too few {dict(expected - speakers)}, too many {dict(speakers - expected)}"
            )
    none_of(faults)
