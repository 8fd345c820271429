"""A grid of cards, each with a link around the words and one around the author."""

from collections.abc import Iterator

from bs4 import BeautifulSoup

from extractors.quotes.statements import Statement, listed

HOSTS = ("brainyquote.com",)


def resembles(html: str) -> bool:
    """Cards called bqQt, with links to their authors."""
    return "bqQt" in html and "bq-aut" in html


def statements(soup: BeautifulSoup) -> Iterator[Statement]:
    """The words of every card that names its author."""
    for card in soup.select(".bqQt"):
        author = card.select_one("a.bq-aut")
        for words in card.select("a.b-qt")[:1]:
            yield from listed(words.get_text(), author.get_text() if author else None, rule="site_brainyquote")
