"""What is known of an article besides its text, and which source is believed."""

import json
from datetime import date

import pytest

from extractors.articles.metadata import kind_of, language_of
from extractors.articles.titles import cleaned_title
from extractors.articles.work import Works, type_of, work_of
from extractors.extract import extraction_of
from extractors.formats import pages_in
from extractors.records import Article, Extraction, Page

TITLE = "A lighthouse for sale, keeper included"
TEXT = (
    (
        "The lighthouse on Gannet Rock is for sale for the first time since it was built, and whoever buys it will also "
        "have to find something to do for the man who has kept its lamp for thirty-one years."
    ),
    (
        "The authority that owns the tower says that ships no longer need it. The lamp was switched off in the spring, "
        "and the four rooms below it have been empty since the last painters left."
    ),
    (
        "The keeper has a right to live there until he is seventy, which is written into the deeds in the hand of a clerk "
        "who can not have thought that the tower would ever be sold to anybody."
    ),
    (
        "Eleven people have asked for the papers so far. Most of them want to turn the tower into a hotel, and one has "
        "asked whether the keeper can cook for the guests on the days when the boat can not land."
    ),
)
LD = {
    "@type": "NewsArticle",
    "headline": TITLE,
    "author": [{"@type": "Person", "name": "Jane Roe"}, {"@type": "Organization", "name": "Gannet Herald"}],
    "datePublished": "2021-03-03T08:00:00Z",
    "dateModified": "2021-03-05",
    "publisher": {"@type": "Organization", "name": "Gannet Herald"},
}
METAS = (
    '<meta property="og:title" content="A lighthouse for sale, keeper included - Gannet Herald">'
    '<meta property="og:site_name" content="Gannet Herald"><meta name="author" content="Jane Roe">'
    '<meta property="article:published_time" content="2021-03-03">'
)


def extraction_from(*, head: str = "", heading: str = f"<h1>{TITLE}</h1>", url: str | None = None) -> Extraction:
    text = "".join(f"<p>{paragraph}</p>" for paragraph in TEXT)
    data = f"<!doctype html><html><head>{head}</head><body><article>{heading}{text}</article></body></html>"
    # A footer, as every site has one.
    data = data.replace("</article>", "</article><footer><p>Copyright</p><p>Imprint</p></footer>")
    (page,) = pages_in(data.encode(), uri="page.html", url=url)
    assert isinstance(page, Page)
    return extraction_of(page, today=date(2025, 6, 1))


def article_from(*, head: str = "", heading: str = f"<h1>{TITLE}</h1>", url: str | None = None) -> Article:
    (article,) = extraction_from(head=head, heading=heading, url=url).articles
    return article


def json_ld(**changes: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(LD | changes)}</script>'


def test_json_ld() -> None:
    article = article_from(head=json_ld())
    assert (article.title, article.authors, article.site) == (TITLE, ("Jane Roe",), "Gannet Herald")
    assert (article.published, article.published_source) == (date(2021, 3, 3), "json-ld")
    assert article.modified == date(2021, 3, 5)
    assert article.language == "en"


def test_meta_tags() -> None:
    article = article_from(head=METAS, heading="")
    assert (article.title, article.authors, article.site) == (TITLE, ("Jane Roe",), "Gannet Herald")
    assert (article.published, article.published_source) == (date(2021, 3, 3), "meta")


def test_a_byline_and_a_date_line() -> None:
    lines = '<p class="byline">By Jane Roe and Max Low</p><p>Published 3 March 2021, updated 5 March 2021</p>'
    article = article_from(heading=f"<h1>{TITLE}</h1>{lines}")
    assert article.authors == ("Jane Roe", "Max Low")
    assert (article.published, article.published_source) == (date(2021, 3, 3), "byline")
    assert article.modified == date(2021, 3, 5)


def test_marked_up_author_and_time() -> None:
    lines = '<p>By <a rel="author">Jane Roe</a></p><time datetime="2021-03-03T09:00">last week</time>'
    article = article_from(heading=f"<h1>{TITLE}</h1>{lines}")
    assert article.authors == ("Jane Roe",)
    assert (article.published, article.published_source) == (date(2021, 3, 3), "time")


def test_the_address_has_a_date() -> None:
    article = article_from(url="https://herald.example/2021/03/03/lighthouse")
    assert (article.published, article.published_source) == (date(2021, 3, 3), "url")


def test_the_address_has_the_local_day_of_a_moment_in_utc() -> None:
    article = article_from(head=json_ld(), url="https://herald.example/2021/03/02/lighthouse")
    assert (article.published, article.published_source) == (date(2021, 3, 2), "url")


@pytest.mark.parametrize("claim", ["2031-03-03", "1901-01-01"])
def test_an_impossible_date_is_not_believed(claim: str) -> None:
    extraction = extraction_from(head=json_ld(datePublished=claim, dateModified=None))
    assert extraction.articles[0].published is None
    assert [(refused.stage, refused.code) for refused in extraction.rejected] == [
        ("metadata", "metadata.impossible_date")
    ]
    assert claim in extraction.rejected[0].detail


def test_nothing_is_made_up() -> None:
    article = article_from()
    assert (article.authors, article.site, article.published, article.modified, article.work) == ((), None, None, None, None)  # fmt: skip


@pytest.mark.parametrize("script", ["{", '"text"', "[]", '{"@type": "Article", "author": 7}', "[" * 5000])
def test_broken_json_ld_claims_nothing(script: str) -> None:
    article = article_from(head=f'<script type="application/ld+json">{script}</script>')
    assert (article.title, article.authors) == (TITLE, ())


def test_json_ld_by_reference() -> None:
    graph = {
        "@graph": [
            LD | {"author": {"@id": "#jane"}, "publisher": {"@id": "#site"}},
            {"@id": "#jane", "@type": "Person", "name": "Jane Roe"},
            {"@id": "#site", "@type": "Organization", "name": "Gannet Herald"},
        ]
    }
    article = article_from(head=f'<script type="application/ld+json">{json.dumps(graph)}</script>')
    assert (article.authors, article.site) == (("Jane Roe",), "Gannet Herald")


def test_what_is_not_for_everybody_is_flagged() -> None:
    assert article_from(head=json_ld(isAccessibleForFree=False)).flags == ("paywalled",)
    assert article_from(head=json_ld(isAccessibleForFree=True)).flags == ()


@pytest.mark.parametrize(
    ("title", "site", "host", "cleaned"),
    [
        ("How it ended | Daily Post", "Daily Post", None, "How it ended"),
        ("How it ended - Daily Post", "Daily Post", None, "How it ended"),
        ("How it ended - dailypost", None, "dailypost.example", "How it ended"),
        ("How it ended - in tears", "Daily Post", None, "How it ended - in tears"),
        ("How it ended | News | Daily Post", "Daily Post", None, "How it ended | News"),
        ("  How  it ended ", None, None, "How it ended"),
    ],
)
def test_the_name_of_the_site_is_no_part_of_the_title(title: str, site: str, host: str, cleaned: str) -> None:
    assert cleaned_title(title, site, host) == cleaned


@pytest.mark.parametrize(
    ("title", "claimed", "quoted", "probability", "kind"),
    [
        ("A lighthouse for sale", None, 0, 0.9, "article"),
        ("A lighthouse for sale", None, 0, 0.1, "other"),
        ("A lighthouse for sale", "review", 0, 0.9, "review"),
        ("Review: The Long Tide", None, 0, 0.9, "review"),
        ("An interview with Jane Roe", None, 0, 0.9, "interview"),
        ("10 lighthouses you can buy", None, 0, 0.9, "list"),
        ("The best quotes", None, 8, 0.9, "quote_page"),
        (None, None, 0, 0.9, "article"),
    ],
)
def test_kind(title: str | None, claimed: str | None, quoted: int, probability: float, kind: str) -> None:
    assert kind_of(title, [], "ten words of a body that says nothing at all", quoted, claimed, probability) == kind


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (TEXT[0], "en"),
        ("Der Leuchtturm auf dem Felsen steht zum ersten Mal seit seinem Bau zum Verkauf, sagte die Behörde.", "de"),
        ("Le phare sur le rocher est à vendre pour la première fois depuis sa construction, selon la mairie.", "fr"),
        ("Short.", None),
        ("", None),
    ],
)
def test_language(text: str, language: str | None) -> None:
    assert language_of(text) == language


def test_work() -> None:
    title, body = "The ending of The Long Tide (2013) explained", "The Long Tide is a film about the sea."
    works = Works([title, "A film among films, a movie among movies."])
    work = work_of(title, [], body, works, None)
    assert work is not None
    assert (work.title, work.year, work.type) == ("The Long Tide", 2013, "film")
    assert work_of("Another title", [], body, works, None) is None


def test_type_of_work() -> None:
    assert type_of("The film is a movie by a director of films.") == "film"
    assert type_of("A novel of many chapters, a book among books.") == "book"
    assert type_of("One film.") is None
