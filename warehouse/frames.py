"""Arrow tables → the data frames that are checked: their columns, and helper columns for what spans tables.

Helper columns (see `expectations/`), None where they do not apply:
    articles  page_in_batch, published_year, published_days_ahead (of the day the page came in),
              modified_days_after (published), quote_count_is_true
    quotes    article_in_batch, text_in_body
    both      row: the place in the table, from 0
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pyarrow as pa

if TYPE_CHECKING:  # half a second that `pullquote --help` need not take
    import pandas as pd


def frames_of(tables: Mapping[str, pa.Table]) -> dict[str, "pd.DataFrame"]:
    """The frames of the tables that have suites, by table name; ids are text in them."""
    return {
        "articles": _frame(tables["articles"], _article_columns(tables)),
        "quotes": _frame(tables["quotes"], _quote_columns(tables)),
    }


def is_slices(text: str, body: str, parts: Sequence[Sequence[int]]) -> bool:
    """Whether `text` is the body's slices `parts`, in order, joined by one space or newline each."""
    place = stop_before = 0
    for number, (start, stop) in enumerate(parts):
        if not stop_before <= start < stop <= len(body):
            return False
        if number:
            if text[place : place + 1] not in {" ", "\n"}:
                return False
            place += 1
        if not text.startswith(body[start:stop], place):
            return False
        place += stop - start
        stop_before = stop
    return bool(parts) and place == len(text)


def _frame(table: pa.Table, extra: Mapping[str, Sequence[Any]]) -> "pd.DataFrame":
    columns: dict[str, Any] = {}
    for field, column in zip(table.schema, table.columns, strict=True):
        is_id = field.type == pa.uuid()
        columns[field.name] = pa.array(_texts(column), pa.string()) if is_id else column
    frame: pd.DataFrame = pa.table(columns).to_pandas()
    for name, values in extra.items():
        frame[name] = list(values)
    frame["row"] = range(len(frame))
    return frame


def _texts(column: pa.ChunkedArray) -> list[str | None]:
    return [None if value is None else str(value) for value in column.to_pylist()]


def _article_columns(tables: Mapping[str, pa.Table]) -> dict[str, Sequence[Any]]:
    articles = tables["articles"]
    seen = dict(_pairs(tables["pages"], "page_id", "first_seen"))
    quotes = Counter(tables["quotes"]["article_id"].to_pylist())
    pages, published = articles["page_id"].to_pylist(), articles["published"].to_pylist()
    modified = articles["modified"].to_pylist()
    counted = _pairs(articles, "article_id", "quote_count")
    return {
        "page_in_batch": [page in seen for page in pages],
        "published_year": [day and day.year for day in published],
        "published_days_ahead": [_days(_day(seen.get(p)), day) for p, day in zip(pages, published, strict=True)],
        "modified_days_after": [_days(day, later) for day, later in zip(published, modified, strict=True)],
        "quote_count_is_true": [quotes[article] == count for article, count in counted],
    }


def _quote_columns(tables: Mapping[str, pa.Table]) -> dict[str, Sequence[Any]]:
    bodies: dict[UUID, str] = dict(_pairs(tables["articles"], "article_id", "body"))
    quotes = tables["quotes"].select(["article_id", "text", "parts", "start", "stop"]).to_pylist()
    return {
        "article_in_batch": [quote["article_id"] in bodies for quote in quotes],
        "text_in_body": [_is_in_body(quote, bodies.get(quote["article_id"])) for quote in quotes],
    }


def _is_in_body(quote: Mapping[str, Any], body: str | None) -> bool | None:
    if body is None:
        return None
    parts = quote["parts"]
    outer = bool(parts) and (quote["start"], quote["stop"]) == (parts[0][0], parts[-1][1])
    return outer and is_slices(quote["text"], body, parts)


def _pairs(table: pa.Table, key: str, value: str) -> list[tuple[Any, Any]]:
    return list(zip(table[key].to_pylist(), table[value].to_pylist(), strict=True))


def _day(instant: datetime | None) -> date | None:
    return instant and instant.date()


def _days(earlier: date | None, later: date | None) -> int | None:
    return None if earlier is None or later is None else (later - earlier).days
