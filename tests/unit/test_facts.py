"""Authors and dates where sources disagree or say little, and the flags; each case has the page's own markup."""

import json
from datetime import date

import pytest

from extractors.articles.dates import date_in
from extractors.articles.names import authors_in, credit_of, unglued
from extractors.extract import extraction_of
from extractors.formats import pages_in
from extractors.records import Article, Page

TITLE = "A lighthouse for sale, keeper included"
PARAGRAPHS = (
    "The lighthouse on Gannet Rock is for sale for the first time since it was built, and whoever buys it will also have to find something to do for the man who has kept its lamp for thirty-one years.",
    "The authority that owns the tower says that ships no longer need it. The lamp was switched off in the spring, and the four rooms below it have been empty since the last painters left.",
    "The keeper has a right to live there until he is seventy, which is written into the deeds in the hand of a clerk who can not have thought that the tower would ever be sold to anybody.",
    "Eleven people have asked for the papers so far. Most of them want to turn the tower into a hotel, and one has asked whether the keeper can cook for the guests when the boat can not land.",
)  # fmt: skip
LD_DAY = {"datePublished": "2021-03-03T08:00:00Z"}


def article_from(
    *,
    head: str = "",
    above: str = "",
    below: str = "",
    foot: str = "",
    url: str | None = None,
    text: tuple[str, ...] = PARAGRAPHS,
) -> Article:
    body = "".join(f"<p>{paragraph}</p>" for paragraph in text)
    data = (
        f"<!doctype html><html><head>{head}</head><body><article>{above}<h1>{TITLE}</h1>{below}{body}</article>{foot}"
        "<footer><p>Copyright</p><p>Imprint</p></footer></body></html>"
    )
    (page,) = pages_in(data.encode(), uri="page.html", url=url)
    assert isinstance(page, Page)
    (article,) = extraction_of(page, today=date(2025, 6, 1)).articles
    return article


def json_ld(**claims: object) -> str:
    claims = {"@type": "NewsArticle", "headline": TITLE} | claims
    return f'<script type="application/ld+json">{json.dumps(claims)}</script>'


def test_an_earlier_day_shown_at_the_heading_is_that_of_publication() -> None:
    article = article_from(head=json_ld(**LD_DAY), below="<p>14 May 2019</p>")
    assert (article.published, article.published_source) == (date(2019, 5, 14), "byline")


def test_a_later_day_shown_at_the_heading_is_not() -> None:
    article = article_from(head=json_ld(**LD_DAY, dateModified="2024-05-14"), below="<p>14 May 2024</p>")
    assert (article.published, article.published_source) == (date(2021, 3, 3), "json-ld")
    assert article.modified == date(2024, 5, 14)


def test_two_claims_of_a_later_day_outweigh_one() -> None:
    head = json_ld(**LD_DAY, dateModified="2024-06-01") + '<meta name="date" content="May 14, 2024">'
    assert article_from(head=head, below="<p>14 May 2024</p>").published == date(2024, 5, 14)
    assert article_from(head=head).published == date(2021, 3, 3)


def test_the_day_of_a_change_stands_in_where_there_is_no_other_and_says_so() -> None:
    article = article_from(below="<p>Last updated: 14 May 2024</p>")
    assert (article.published, article.published_source) == (date(2024, 5, 14), "modified")
    assert article.modified == date(2024, 5, 14)
    both = article_from(below="<p>Last updated: 14 May 2024</p><p>Posted on 3 March 2021</p>")
    assert (both.published, both.published_source, both.modified) == (date(2021, 3, 3), "byline", date(2024, 5, 14))


def test_a_label_in_the_line_above() -> None:
    article = article_from(
        below="<div>Posted on</div><div>3 March 2021</div><div>Updated on</div><div>14 May 2024</div>"
    )
    assert (article.published, article.modified) == (date(2021, 3, 3), date(2024, 5, 14))


def test_the_first_publication_behind_the_text() -> None:
    foot = "<p>This story was originally published on 14 May 2019.</p>"
    assert article_from(head=json_ld(**LD_DAY), foot=foot).published == date(2019, 5, 14)


def test_dates_of_comments_and_other_articles_are_not_the_articles() -> None:
    foot = (
        '<section class="comments"><p><time datetime="2024-05-14">then</time> I remember the painters.</p></section>'
        '<ul class="related"><li>12 April 2024</li><li>A boat for sale</li></ul>'
    )
    assert article_from(foot=foot).published is None


def test_a_day_in_the_scripts_of_the_page() -> None:
    script = '<script>window.state = {"post": {"publishedAt": "2021-03-03T09:00:00Z"}}</script>'
    article = article_from(head=script)
    assert (article.published, article.published_source) == (date(2021, 3, 3), "script")
    two = '<script>window.state = [{"publishedAt": "2021-03-03"}, {"publishedAt": "2022-01-01"}]</script>'
    assert article_from(head=two).published is None


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://herald.example.co.uk/a", date(2021, 4, 3)),
        ("https://herald.example.gov/a", date(2021, 3, 4)),
        ("https://herald.example/a", None),
    ],
)
def test_the_host_tells_how_its_country_writes_dates(url: str, day: date | None) -> None:
    assert article_from(below="<p>Posted 3/4/2021</p>", url=url).published == day


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("4.3.2021", date(2021, 3, 4)),
        ("4 de março de 2021", date(2021, 3, 4)),
        ("4 marzo 2021", date(2021, 3, 4)),
        ("4 maart 2021", date(2021, 3, 4)),
        ("4 mars 2021", date(2021, 3, 4)),
        ("4 marca 2021", date(2021, 3, 4)),
        ("4 марта 2021", date(2021, 3, 4)),
        ("2021年3月4日", date(2021, 3, 4)),
        ("1.4.3.2021", None),
        ("4 marketing 2021", None),
    ],
)
def test_dates_in_other_languages(text: str, day: date | None) -> None:
    assert date_in(text) == day


@pytest.mark.parametrize(
    ("head", "below", "authors"),
    [
        pytest.param('<meta name="author" content="tideline">', "", ("tideline",), id="an account"),
        pytest.param('<meta name="author" content="admin">', "", (), id="nobody"),
        pytest.param(json_ld(author={"@type": "Person", "name": "j.roe"}), '<p class="author">Jane Roe</p>', ("Jane Roe",), id="a person before an account"),
        pytest.param(json_ld(author={"@type": "Person", "name": "Max Low"}), "<p>By Jane Roe</p>", ("Jane Roe",), id="who put it online"),
        pytest.param(json_ld(author={"@type": "Organization", "name": "Gannet Herald"}), "<p>By Jane Roe</p>", ("Jane Roe",), id="a person before an organisation"),
        pytest.param(json_ld(author={"@type": "Organization", "name": "Gannet Herald"}), "", ("Gannet Herald",), id="an organisation"),
        pytest.param(json_ld(author={"@type": "Person", "name": "Ines Marin"}), '<p class="author">Inés Marín</p>', ("Inés Marín",), id="accents"),
        pytest.param("", "<div>Jane Roe</div><div>3 March 2021</div>", ("Jane Roe",), id="a name beside a date"),
        pytest.param("", "<div><span>Mar 3, 2021</span><span>Jane Roe</span></div>", ("Jane Roe",), id="glued"),
        pytest.param("", "<div>Jane Roe</div><div>Share</div><div>Jane Roe writes about the sea and those who live on it.</div>", ("Jane Roe",), id="a name and a word about her"),
        pytest.param("", "<div>Gannet Islands</div><div>Share</div>", (), id="a name alone"),
        pytest.param("", "<p>by Jane · Mar 3, 2021 at 3:00 am</p>", ("Jane",), id="a first name"),
        pytest.param("", '<p class="comments"><b class="comment-author">Max Low</b></p>', (), id="who commented"),
    ],
)  # fmt: skip
def test_authors(head: str, below: str, authors: tuple[str, ...]) -> None:
    assert article_from(head=head, below=below).authors == authors


@pytest.mark.parametrize(
    ("text", "credit"),
    [
        ("Editorial Team", "Editorial Team"),
        ("tideline", "tideline"),
        ("Maria &amp; Ana", "Maria & Ana"),
        ("admin", None),
        ("Staff writer", None),
        ("Written by", None),
        ("262588", None),
    ],
)
def test_credits(text: str, credit: str | None) -> None:
    assert credit_of(text) == credit


def test_unglued() -> None:
    assert unglued("Dec 17, 2025Jane Roe") == "Dec 17, 2025 Jane Roe"
    assert authors_in(unglued("ByJane RoeUpdated: Dec 19, 2025")) == ("Jane Roe",)
    assert unglued("McRoe of iPhone") == "McRoe of iPhone"


def test_a_heading_unlike_every_claim_is_that_of_a_box() -> None:
    claim = "What became of the keeper of Gannet Rock after thirty-one years"
    head = f'<meta property="og:title" content="{claim}"><title>{claim}</title>'
    assert article_from(head=head).title == claim


@pytest.mark.parametrize(
    ("foot", "text", "flags"),
    [
        pytest.param("<p>Subscribe to continue reading</p>", PARAGRAPHS, ("paywalled",), id="paywall"),
        pytest.param("<p>Subscribe to our newsletter</p>", PARAGRAPHS, (), id="newsletter"),
        pytest.param("", (*PARAGRAPHS, "The boat leaves at nine every morning, and the keeper …"), ("truncated",), id="cut"),
        pytest.param("", (*PARAGRAPHS, "The boat leaves at nine … and comes back at six."), (), id="dots inside"),
        pytest.param("<p>Read the full story</p>", PARAGRAPHS[:2], ("teaser",), id="teaser"),
        pytest.param("<p>Read the full story</p>", PARAGRAPHS, (), id="long with a link"),
        pytest.param("", (*["We and our partners use cookies, with your consent, for personalised ads and as our privacy policy says."] * 3, *PARAGRAPHS[:1]), ("consent_wall",), id="consent"),
        pytest.param("", (*PARAGRAPHS[:1], *["The cookies of the keeper are cookies that guests call the best cookies there are on the coast."] * 4), (), id="a recipe"),
        pytest.param("", (*PARAGRAPHS, "To hear of the boat and of the keeper, and of all that they do, read more here."), (), id="a pointer"),
        pytest.param("", (*PARAGRAPHS, "The keeper bakes cookies for the guests on Sundays."), (), id="cookies to eat"),
    ],
)  # fmt: skip
def test_flags(foot: str, text: tuple[str, ...], flags: tuple[str, ...]) -> None:
    assert article_from(foot=foot, text=text).flags == flags


def test_the_share_of_boilerplate_between_the_first_and_last_block() -> None:
    assert article_from().boilerplate_share == 0
    box = '<div class="newsletter"><button>Subscribe</button><p>Sign up</p></div>'
    before, after = ("".join(f"<p>{paragraph}</p>" for paragraph in half) for half in (PARAGRAPHS[:2], PARAGRAPHS[2:]))
    data = f"<html><body><article><h1>{TITLE}</h1>{before}{box}{after}</article></body></html>"
    (page,) = pages_in(data.encode(), uri="page.html")
    assert isinstance(page, Page)
    (article,) = extraction_of(page, today=date(2025, 6, 1)).articles
    assert 0 < article.boilerplate_share <= 0.5
