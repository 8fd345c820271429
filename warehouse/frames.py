"""Arrow tables → the data frames that are checked: their columns, and helper columns for what spans columns or tables.

Helper columns (see `expectations/`), None where they do not apply:
    pages     url_host (the host in the url), fetched_days_ahead (of the day the page came in)
    articles  page_in_batch, published_year, published_days_ahead and modified_days_ahead (of the day the page was
              fetched or came in), modified_days_after (published), date_has_source (a date and what told it, or
              neither), quote_count_is_true, body_hash, byline (the authors, joined by "; ")
    quotes    article_in_batch, text_in_body
    quotations and people: see the files in `audits/`
    all       row: the place in the table, from 0
Columns of lists are left out: Great Expectations pickles a frame to name it, and lists make that a hundred times slower.
An expectation about one needs a helper column.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from itertools import pairwise
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pyarrow as pa

if TYPE_CHECKING:  # half a second that `pullquote --help` need not take
    import pandas as pd

KEYS = {
    "pages": "page_id",
    "articles": "article_id",
    "quotes": "quote_id",
    "quotations": "quotation_id",
    "people": "person_id",
}

Column = Sequence[Any]


def frames_of(tables: Mapping[str, pa.Table]) -> dict[str, "pd.DataFrame"]:
    """The frames of the tables that have suites, by table name; ids are text in them."""
    helpers = {"pages": _page_columns, "articles": _article_columns, "quotes": _quote_columns}
    return {name: frame_of(tables[name], columns(tables)) for name, columns in helpers.items()}


def frame_of(table: pa.Table, helpers: Mapping[str, Column] = MappingProxyType({})) -> "pd.DataFrame":
    """The table without its columns of lists, with helper columns and the place of each row; ids are text in it."""
    columns: dict[str, Any] = {}
    for field in table.schema:
        if field.type == pa.uuid():
            columns[field.name] = pa.array(_texts(_keys(table, field.name)), pa.string())
        elif not pa.types.is_list(field.type):
            columns[field.name] = table[field.name]
    frame: pd.DataFrame = pa.table(columns).to_pandas()
    for name, values in helpers.items():
        frame[name] = list(values)
    frame["row"] = range(len(frame))
    return frame


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


def _page_columns(tables: Mapping[str, pa.Table]) -> dict[str, Column]:
    pages = tables["pages"].select(["url", "fetched_at", "first_seen"]).to_pydict()
    fetched = zip(pages["first_seen"], pages["fetched_at"], strict=True)
    return {
        "url_host": [_host(url) for url in pages["url"]],
        "fetched_days_ahead": [_days(_day(seen), _day(instant)) for seen, instant in fetched],
    }


def _article_columns(tables: Mapping[str, pa.Table]) -> dict[str, Column]:
    articles = tables["articles"]
    pages, keys = _keys(articles, "page_id"), _keys(articles, "article_id")
    known = _days_known(tables["pages"])
    published, modified = articles["published"].to_pylist(), articles["modified"].to_pylist()
    sources = articles["published_source"].to_pylist()
    quotes = Counter(_keys(tables["quotes"], "article_id"))
    counted = zip(keys, articles["quote_count"].to_pylist(), strict=True)
    bylines = _bylines(tables["article_authors"])
    return {
        "page_in_batch": [page in known for page in pages],
        "published_year": [day and day.year for day in published],
        "published_days_ahead": [_days(known.get(p), day) for p, day in zip(pages, published, strict=True)],
        "modified_days_ahead": [_days(known.get(p), day) for p, day in zip(pages, modified, strict=True)],
        "modified_days_after": [_days(day, later) for day, later in zip(published, modified, strict=True)],
        "date_has_source": [(d is None) is (s is None) for d, s in zip(published, sources, strict=True)],
        "quote_count_is_true": [quotes[article] == count for article, count in counted],
        "body_hash": [hash(body) for body in articles["body"].to_pylist()],  # only ever compared within the batch
        "byline": [bylines.get(key) for key in keys],
    }


def _quote_columns(tables: Mapping[str, pa.Table]) -> dict[str, Column]:
    articles, quotes = tables["articles"], tables["quotes"]
    bodies = dict(zip(_keys(articles, "article_id"), articles["body"].to_pylist(), strict=True))
    keys = _keys(quotes, "article_id")
    found = [bodies.get(key) for key in keys]
    return {
        "article_in_batch": [key in bodies for key in keys],
        "text_in_body": list(_in_body(quotes, found)),
    }


def _in_body(quotes: pa.Table, bodies: Iterable[str | None]) -> Iterable[bool | None]:
    """Whether each quote's text is what its body has at its parts; None: it has no body in the batch."""
    texts, outers = quotes["text"].to_pylist(), [quotes[name].to_pylist() for name in ("start", "stop")]
    for text, start, stop, parts, body in zip(texts, *outers, _parts(quotes["parts"]), bodies, strict=True):
        if body is None:
            yield None
        elif not parts or (start, stop) != (parts[0], parts[-1]):
            yield False
        elif len(parts) == 2:  # nearly all quotes are one slice, and this is a fifth of the general way's time
            yield 0 <= start < stop <= len(body) and body[start:stop] == text
        else:
            yield is_slices(text, body, list(zip(parts[::2], parts[1::2], strict=True)))


def _parts(column: pa.ChunkedArray) -> Iterable[list[int]]:
    """The parts of each quote as one list [start, stop, start, stop, …]; nested lists would cost ten times as much."""
    chunk = column.combine_chunks()
    pairs = chunk.offsets.to_pylist()
    numbers, places = chunk.values.offsets.to_pylist(), chunk.values.values.to_pylist()  # noqa: PD011 - not pandas
    for first, last in pairwise(pairs):
        yield places[numbers[first] : numbers[last]]


def _days_known(pages: pa.Table) -> dict[bytes | None, date | None]:
    """The day of each page: when it was fetched, or else when it came in."""
    columns = pages.select(["fetched_at", "first_seen"]).to_pydict()
    days = (_day(fetched or seen) for fetched, seen in zip(columns["fetched_at"], columns["first_seen"], strict=True))
    return dict(zip(_keys(pages, "page_id"), days, strict=True))


def _bylines(authors: pa.Table) -> dict[bytes | None, str]:
    found: dict[bytes | None, str] = {}
    for key, name in zip(_keys(authors, "article_id"), authors["name"].to_pylist(), strict=True):
        found[key] = f"{found[key]}; {name}" if key in found else name
    return found


def _host(url: str | None) -> str | None:
    try:
        return urlsplit(url).hostname if url else None
    except ValueError:  # "http://[" is no address
        return None


def _keys(table: pa.Table, column: str) -> list[bytes | None]:
    """A column of ids as bytes, which is several times faster than as UUIDs."""
    keys: list[bytes | None] = table[column].combine_chunks().storage.to_pylist()
    return keys


def _texts(keys: Sequence[bytes | None]) -> list[str | None]:
    """The ids as str(UUID(bytes=key)) writes them; an id that comes again is written once."""
    texts = {key: None if key is None else _text(key.hex()) for key in dict.fromkeys(keys)}
    return [texts[key] for key in keys]


def _text(digits: str) -> str:
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def _day(instant: datetime | None) -> date | None:
    return instant and instant.date()


def _days(earlier: date | None, later: date | None) -> int | None:
    return None if earlier is None or later is None else (later - earlier).days
