"""The practice site of scrapers: boxes of schema.org/CreativeWork with a text and an author."""

from collections.abc import Iterator

from bs4 import BeautifulSoup

from extractors.quotes.statements import Statement, listed

HOSTS = ("toscrape.com",)
WORDS, AUTHOR = ".text[itemprop=text]", ".author[itemprop=author]"


def resembles(html: str) -> bool:
    """Boxes called quote whose text and author are marked up."""
    return 'class="quote"' in html and 'itemprop="text"' in html and 'itemprop="author"' in html


def statements(soup: BeautifulSoup) -> Iterator[Statement]:
    """The marked-up text of every box."""
    for box in soup.select("div.quote"):
        words, author = box.select_one(WORDS), box.select_one(AUTHOR)
        if words and author:
            yield from listed(words.get_text(), author.get_text(), rule="site_toscrape")
