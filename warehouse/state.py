"""What the published warehouse says of pages that came in: of one, and of all since a moment."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from warehouse.files import named_failures
from warehouse.reader import is_there, reader
from warehouse.sql import files_in
from warehouse.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class PageState:
    """A page that was dealt with: what of it can be queried, and why not if nothing can.

    `code` and `detail` are None where the page has articles.
    """

    articles: int
    quotes: int
    code: str | None
    detail: str | None


def page_state(store: Store, page_id: UUID, *, place: str) -> PageState | None:
    """What the published warehouse says of the page; None if it has not dealt with it.

    `place` is the end of the address that the page was read from: an input that gave no page is known by it alone.
    """
    if not is_there(store):
        return None
    row = _asked(store, "page_state", {"page_id": page_id, "place": place})
    if row["state"] is None and not row["pages"]:
        return None
    articles, quotes, refusal = row["articles"], row["quotes"], row["refusal"]
    if articles:
        return PageState(articles=articles, quotes=quotes, code=None, detail=None)
    code, detail = (refusal["code"], refusal["detail"]) if refusal else ("page.no_article", "no article came of it")
    return PageState(articles=0, quotes=0, code=code, detail=detail)


def sums_since(store: Store, moment: datetime) -> dict[str, int]:
    """What the runs since a moment brought, in figures by name. PullquoteError warehouse.missing without a warehouse."""
    return {name: int(count) for name, count in _asked(store, "sums_since", {"since": moment}).items()}


def _asked(store: Store, name: str, params: dict[str, object]) -> dict[str, Any]:
    """The one row of a query of warehouse/states, by column."""
    (file,) = (file for file in files_in("states") if file.stem == name)
    with named_failures(store), reader(store) as connection:
        found = connection.execute(file.text, params)
        names = [column[0] for column in found.description or ()]
        return dict(zip(names, found.fetchone() or (), strict=True))
