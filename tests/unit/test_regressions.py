"""Inputs that once broke something; each names what it broke."""

from datetime import date

import pytest

from extractors.articles.dates import date_in
from extractors.articles.names import authors_in
from extractors.extract import extraction_of
from extractors.formats import pages_in
from extractors.records import Page, Rejected

TODAY = date(2026, 1, 1)
FILLER = (
    "The council met on the first evening of the month and talked for hours about the roof of the old market hall. "
)


def the_page(data: bytes, uri: str = "page.txt") -> Page:
    (page,) = pages_in(data, uri=uri)
    assert isinstance(page, Page)
    return page


@pytest.mark.parametrize("name", ["Helen Berg", "Isabel Roth", "Wendy Stein", "Ida Holm", "Sheila Park"])
def test_a_name_that_begins_like_a_pronoun_is_a_name(name: str) -> None:
    text = f"{FILLER * 4}\n\n“The bridge will open in May,” said {name}. {FILLER}"
    (quote,) = extraction_of(the_page(text.encode()), today=TODAY).quotes
    assert quote.speaker == name


def test_a_page_that_ends_with_its_only_paragraph() -> None:
    html = f"<html><body><h1>The ferry</h1><p>{FILLER * 3}</p></body></html>"
    assert len(extraction_of(the_page(html.encode(), "page.html"), today=TODAY).articles) == 1


@pytest.mark.parametrize("label", ["undefined", "unicode_escape", "utf-16-le", "palmos", "no-such-charset"])
def test_a_label_that_is_no_charset_of_the_web(label: str) -> None:
    page = the_page(b"<html><meta charset=" + label.encode() + b"><p>\xe9t\xe9 " + FILLER.encode() * 3, "page.html")
    assert "été" in extraction_of(page, today=TODAY).blocks[0].block.text


@pytest.mark.parametrize("uri", ["//[a].txt", "http://[bad/x", "a?b#c"])
def test_a_malformed_address_is_only_a_name(uri: str) -> None:
    assert isinstance(next(pages_in(FILLER.encode(), uri=uri)), Page)


@pytest.mark.parametrize("data", [b"\xef\xbb\xbf", b"\xff\xfe", "\u00a0\n".encode()])
def test_marks_and_blanks_alone_are_empty(data: bytes) -> None:
    (found,) = pages_in(data, uri="x")
    assert isinstance(found, Rejected)
    assert found.code == "format.empty"


def test_a_compact_date() -> None:
    assert date_in("20210304") == date(2021, 3, 4)


@pytest.mark.parametrize(
    ("written", "names"),
    [("By Mary-Jane Roe", ("Mary-Jane Roe",)), ("By Dr. Jane Roe", ("Jane Roe",)), ("By JANE ROE", ("Jane Roe",))],
)
def test_names_with_hyphens_titles_and_capitals(written: str, names: tuple[str, ...]) -> None:
    assert authors_in(written) == names
