"""Arrow tables → the data frames that are checked: their columns, and helper columns for what spans tables.

Helper columns (see `expectations/`), None where they do not apply:
    articles  page_in_batch, published_year, published_days_ahead (of the day the page came in),
              modified_days_after (published), quote_count_is_true
    quotes    article_in_batch, text_in_body
    both      row: the place in the table, from 0
Columns of lists are left out: Great Expectations pickles a frame to name it, and lists make that a hundred times slower.
An expectation about one needs a helper column.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

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
    for field in table.schema:
        if field.type == pa.uuid():
            columns[field.name] = pa.array([_text(key) for key in _keys(table, field.name)], pa.string())
        elif not pa.types.is_list(field.type):
            columns[field.name] = table[field.name]
    frame: pd.DataFrame = pa.table(columns).to_pandas()
    for name, values in extra.items():
        frame[name] = list(values)
    frame["row"] = range(len(frame))
    return frame


def _article_columns(tables: Mapping[str, pa.Table]) -> dict[str, Sequence[Any]]:
    articles = tables["articles"]
    pages, published = _keys(articles, "page_id"), articles["published"].to_pylist()
    seen = dict(zip(_keys(tables["pages"], "page_id"), tables["pages"]["first_seen"].to_pylist(), strict=True))
    modified = articles["modified"].to_pylist()
    quotes = Counter(_keys(tables["quotes"], "article_id"))
    counted = zip(_keys(articles, "article_id"), articles["quote_count"].to_pylist(), strict=True)
    return {
        "page_in_batch": [page in seen for page in pages],
        "published_year": [day and day.year for day in published],
        "published_days_ahead": [_days(_day(seen.get(p)), day) for p, day in zip(pages, published, strict=True)],
        "modified_days_after": [_days(day, later) for day, later in zip(published, modified, strict=True)],
        "quote_count_is_true": [quotes[article] == count for article, count in counted],
    }


def _quote_columns(tables: Mapping[str, pa.Table]) -> dict[str, Sequence[Any]]:
    articles, quotes = tables["articles"], tables["quotes"]
    bodies = dict(zip(_keys(articles, "article_id"), articles["body"].to_pylist(), strict=True))
    keys = _keys(quotes, "article_id")
    places = quotes.select(["text", "parts", "start", "stop"]).to_pylist()
    return {
        "article_in_batch": [key in bodies for key in keys],
        "text_in_body": [_is_in_body(place, bodies.get(key)) for key, place in zip(keys, places, strict=True)],
    }


def _keys(table: pa.Table, column: str) -> list[bytes | None]:
    """A column of ids as bytes, which is several times faster than as UUIDs."""
    keys: list[bytes | None] = table[column].combine_chunks().storage.to_pylist()
    return keys


def _text(key: bytes | None) -> str | None:
    # str(UUID(bytes=key)), at a fifth of its time; a batch has an id in every other column
    if key is None:
        return None
    digits = key.hex()
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def _is_in_body(quote: Mapping[str, Any], body: str | None) -> bool | None:
    if body is None:
        return None
    parts = quote["parts"]
    outer = bool(parts) and (quote["start"], quote["stop"]) == (parts[0][0], parts[-1][1])
    return outer and is_slices(quote["text"], body, parts)


def _day(instant: datetime | None) -> date | None:
    return instant and instant.date()


def _days(earlier: date | None, later: date | None) -> int | None:
    return None if earlier is None or later is None else (later - earlier).days
