"""One module per site whose pages deserve their own selectors; the file is the registration.

A site module has `HOSTS` (where its pages live), `resembles(html)` (cheap and strict: has the page its structure?) and
`statements(soup)` (the quotes of the page, in its order). A page without an address is known by its structure alone.
"""

import importlib
import pkgutil
from collections.abc import Iterator
from functools import cache
from typing import Protocol

from bs4 import BeautifulSoup

from extractors.quotes.statements import Statement


class SiteModule(Protocol):
    """What every module in this package offers."""

    HOSTS: tuple[str, ...]

    def resembles(self, html: str) -> bool:
        """Has the page the structure that the module reads?"""

    def statements(self, soup: BeautifulSoup) -> Iterator[Statement]:
        """The quotes of the page in its order."""


@cache
def sites() -> dict[str, SiteModule]:
    """Every site by its module's name."""
    return {
        info.name: importlib.import_module(f"{__name__}.{info.name}")
        for info in sorted(pkgutil.iter_modules(__path__), key=lambda info: info.name)
    }


def site_of(html: bytes, host: str | None) -> str | None:
    """The name of the module that reads the page: by its structure, and by its host where that is known."""
    likely = [
        (name, module)
        for name, module in sites().items()
        if host is None or any(host == own or host.endswith(f".{own}") for own in module.HOSTS)
    ]
    text = html.decode() if likely else ""
    return next((name for name, module in likely if module.resembles(text)), None)


def site_statements(html: bytes, host: str | None) -> list[Statement]:
    """What the module of the page's site reads in its UTF-8; [] for pages of no known site."""
    name = site_of(html, host)
    return list(sites()[name].statements(BeautifulSoup(html.decode(), "html.parser"))) if name else []
