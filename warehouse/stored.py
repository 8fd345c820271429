"""What the warehouse has kept, as pages again: the row of a page and the bytes behind it."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import duckdb

from extractors.errors import PullquoteError
from extractors.records import Page, Rejected
from warehouse.warc import captured

COLUMNS = (
    *("page_id", "uri", "url", "host", "format", "charset", "language", "bytes", "sha256", "fetched_at", "capture"),
)
FETCHED = 1000  # rows at a time


def stored_pages(
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    *,
    since: datetime | None = None,
    only: Sequence[UUID] | None = None,
) -> Iterator[Page | Rejected]:
    """The pages that came in `since` and have a capture, in the order of the captures; `only` those, if given.

    One whose capture is gone or damaged comes back as a Rejected with stage "capture".
    """
    cursor = connection.cursor()
    cursor.execute(
        f"SELECT {', '.join(COLUMNS)} FROM pages "
        "WHERE capture IS NOT NULL AND first_seen >= coalesce($since, '-infinity'::TIMESTAMPTZ) "
        "AND ($only IS NULL OR page_id IN (SELECT unnest($only::UUID[]))) "
        "ORDER BY string_split(capture, ':')[1], string_split(capture, ':')[-2]::BIGINT",
        {"since": since, "only": None if only is None else list(only)},
    )
    while rows := cursor.fetchmany(FETCHED):
        for row in rows:
            yield _page_of(dict(zip(COLUMNS, row, strict=True)), partial(captured, folder))


def pages_counted(connection: duckdb.DuckDBPyConnection, *, since: datetime | None = None) -> tuple[int, int]:
    """How many pages came in `since` that have a capture, and how many that have none (any more)."""
    row = connection.execute(
        "SELECT count(capture), count(*) - count(capture) FROM pages "
        "WHERE first_seen >= coalesce($since, '-infinity'::TIMESTAMPTZ)",
        {"since": since},
    ).fetchone()
    return (int(row[0]), int(row[1])) if row else (0, 0)


def bytes_of_row(connection: duckdb.DuckDBPyConnection, folder: Path, row_id: str) -> bytes:
    """The bytes that a page, an article or a quote came from, by its id.

    PullquoteError: warehouse.no_row, capture.dropped, and those of `captured`.
    """
    found = connection.execute(
        """
        SELECT capture, sha256 FROM pages WHERE page_id IN (
            SELECT TRY_CAST($id AS UUID)
            UNION ALL SELECT page_id FROM articles WHERE article_id = TRY_CAST($id AS UUID)
            UNION ALL SELECT page_id FROM articles JOIN quotes USING (article_id)
            WHERE quote_id = TRY_CAST($id AS UUID))
        """,
        {"id": row_id},
    ).fetchone()
    if found is None:
        raise PullquoteError("warehouse.no_row", f"no page, article or quote has the id {row_id}")
    if found[0] is None:
        raise PullquoteError("capture.dropped", f"the bytes of {row_id} are not kept (any more)")
    return captured(folder, *found)


def _page_of(row: dict[str, Any], read: Callable[[str, str], bytes]) -> Page | Rejected:
    try:
        return Page(**row, data=read(row["capture"], row["sha256"]))
    except PullquoteError as error:
        return Rejected(stage="capture", code=error.code, detail=error.detail, uri=row["uri"], page_id=row["page_id"])
