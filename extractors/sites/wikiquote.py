"""A person's or a work's page: lists of quotes, each with its source in a list inside; dialogues as definition lists."""

import re
from collections.abc import Iterator

from bs4 import BeautifulSoup, Tag

from extractors.quotes.statements import Statement, credited, listed, turn_of

HOSTS = ("wikiquote.org",)
LEFT_OUT = re.compile(
    r"(?:see also|external links|references|notes|sources|further reading|cast|taglines|misattributed|disputed|contents|bibliography)\b",
    re.IGNORECASE,
)  # what is said there is not by the person, or no quote
ABOUT = re.compile(r"(?:quotes|quotations|said) about\b", re.IGNORECASE)
FURNITURE = "sup.reference, .mw-editsection, style, script"


def resembles(html: str) -> bool:
    """A MediaWiki page that calls itself Wikiquote."""
    return "mw-parser-output" in html and re.search(r"<title>[^<]*Wikiquote", html) is not None


def statements(soup: BeautifulSoup) -> Iterator[Statement]:
    """Quotes section by section. Without a name in their source they are by whom the page is about, or, on the page of
    a work, by the character that the section is called after.
    """
    body = soup.select_one(".mw-parser-output")
    title = soup.select_one("#firstHeading")
    if body is None or title is None:
        return
    for furniture in body.select(FURNITURE):
        furniture.decompose()
    name = credited(title.get_text())
    section, exchange = "", 0
    for element in body.find_all(["h2", "h3", "ul", "dl"]):
        if element.name == "h2":
            section = " ".join(element.get_text().split())
        elif LEFT_OUT.match(section) or element.find_parent(["li", "dl", "table", "nav", "div"]) not in (body, None):
            continue
        elif element.name == "ul" and section:
            yield from _quotes(element, None if ABOUT.match(section) else name)
        elif element.name == "dl":
            exchange += 1
            yield from _dialogue(element, exchange)


def _quotes(items: Tag, speaker: str | None) -> Iterator[Statement]:
    """The text of each item without the list inside it, which tells the source."""
    for item in items.find_all("li", recursive=False):
        source = " ".join(inner.get_text() for inner in item.find_all(["ul", "dl"], recursive=False)[:1])
        words = "".join(
            child.get_text() if isinstance(child, Tag) else str(child)
            for child in item.children
            if not (isinstance(child, Tag) and child.name in ("ul", "dl"))
        )
        yield from listed(words, speaker or credited(source.strip().split("\n")[0]), rule="site_wikiquote")


def _dialogue(turns: Tag, exchange: int) -> Iterator[Statement]:
    """`<b>Name</b>: words`, one turn an item."""
    items = [item for item in turns.find_all("dd", recursive=False) if item.find("b")]
    for item in items:
        name = item.find("b")
        statement = turn_of(
            item.get_text(),
            name.get_text() if name else "",
            exchange=exchange if len(items) > 1 else None,
            rule="site_wikiquote",
        )
        if statement:
            yield statement
