"""The quotes page of a title: each box is an exchange, each item in it a turn (`Name: [direction] words`)."""

import re
from collections.abc import Iterator

from bs4 import BeautifulSoup, Tag

from extractors.quotes.statements import Statement, turn_of

HOSTS = ("imdb.com",)
BOXES = "div.ipc-html-content-inner-div, div.sodatext"  # today's, and those of pages saved before 2022
TURN = re.compile(r'(?:ipc-html-content-inner-div"?>\s*<ul[^>]*>\s*<li|class="sodatext")')
NAMES = 'a[href*="/name/nm"], a[href*="/characters/"], span.character'


def resembles(html: str) -> bool:
    """Boxes of turns, with links to the people of the title."""
    return TURN.search(html) is not None and ("/name/nm" in html or "/characters/nm" in html)


def statements(soup: BeautifulSoup) -> Iterator[Statement]:
    """The turns of every box; a box of one turn is no exchange."""
    for number, box in enumerate(soup.select(BOXES)):
        turns = [item for item in box.select("li, p") if (name := item.select_one(NAMES)) and _begins_with(item, name)]
        for turn in turns:
            name = turn.select_one(NAMES)
            statement = turn_of(
                turn.get_text(),
                name.get_text() if name else "",
                exchange=number if len(turns) > 1 else None,
                rule="site_imdb",
            )
            if statement:
                yield statement


def _begins_with(item: Tag, name: Tag) -> bool:
    return item.get_text().strip().startswith(name.get_text().strip())
