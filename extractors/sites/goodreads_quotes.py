"""Lists of readers' favourite quotes: `“words” ― Author, Title` in one box, the author and the title marked."""

from collections.abc import Iterator

from bs4 import BeautifulSoup

from extractors.quotes.statements import Statement, listed

HOSTS = ("goodreads.com",)


def resembles(html: str) -> bool:
    """Boxes called quoteText, with their authors."""
    return 'class="quoteText' in html and "authorOrTitle" in html


def statements(soup: BeautifulSoup) -> Iterator[Statement]:
    """The words before the long dash."""
    for box in soup.select("div.quoteText"):
        author = box.select_one("span.authorOrTitle, a.authorOrTitle")
        for extra in box.select("script, style"):
            extra.decompose()
        words, dash, _ = box.get_text().rpartition("\u2015")
        if dash and author:
            yield from listed(words, author.get_text(), rule="site_goodreads")
