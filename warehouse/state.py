"""How a page fares that was brought in from outside: whether the published warehouse has dealt with it, and how."""

from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import duckdb

from warehouse.files import named_failures
from warehouse.sql import files_in


@dataclass(frozen=True, slots=True, kw_only=True)
class PageState:
    """A page that was dealt with: what of it can be queried, and why not if nothing can.

    `code` and `detail` are None where the page has articles.
    """

    articles: int
    quotes: int
    code: str | None
    detail: str | None


def page_state(path: Path, page_id: UUID, *, place: str) -> PageState | None:
    """What the published warehouse at `path` says of the page; None if it has not dealt with it.

    `place` is the end of the address that the page was read from: an input that gave no page is known by it alone.
    """
    if not path.exists():
        return None
    (file,) = (file for file in files_in("states") if file.stem == "page_state")
    with named_failures(path), duckdb.connect(str(path), read_only=True) as connection:
        row = connection.execute(file.text, {"page_id": page_id, "place": place}).fetchone()
    if row is None or (row[0] is None and not row[1]):
        return None
    _, _, articles, quotes, refusal = row
    if articles:
        return PageState(articles=articles, quotes=quotes, code=None, detail=None)
    code, detail = (refusal["code"], refusal["detail"]) if refusal else ("page.no_article", "no article came of it")
    return PageState(articles=0, quotes=0, code=code, detail=detail)
