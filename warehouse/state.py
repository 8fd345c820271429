"""What the published warehouse says of pages that came in: of one, and of all since a moment."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import duckdb

from extractors.errors import PullquoteError
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
    row = _asked(path, "page_state", {"page_id": page_id, "place": place})
    if row["state"] is None and not row["pages"]:
        return None
    articles, quotes, refusal = row["articles"], row["quotes"], row["refusal"]
    if articles:
        return PageState(articles=articles, quotes=quotes, code=None, detail=None)
    code, detail = (refusal["code"], refusal["detail"]) if refusal else ("page.no_article", "no article came of it")
    return PageState(articles=0, quotes=0, code=code, detail=detail)


def sums_since(path: Path, moment: datetime) -> dict[str, int]:
    """What the runs since a moment brought, in figures by name. PullquoteError warehouse.missing without a warehouse."""
    if not path.exists():
        raise PullquoteError("warehouse.missing", f"there is no warehouse at {path} yet")
    return {name: int(count) for name, count in _asked(path, "sums_since", {"since": moment}).items()}


def _asked(path: Path, name: str, params: dict[str, object]) -> dict[str, Any]:
    """The one row of a query of warehouse/states, by column."""
    (file,) = (file for file in files_in("states") if file.stem == name)
    with named_failures(path), duckdb.connect(str(path), read_only=True) as connection:
        found = connection.execute(file.text, params)
        names = [column[0] for column in found.description or ()]
        return dict(zip(names, found.fetchone() or (), strict=True))
