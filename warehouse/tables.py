"""Extractions → Arrow rows, one table each; a table's columns are the stored fields of its record plus named extras."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import Field, fields
from datetime import date, datetime
from functools import cache
from types import MappingProxyType
from typing import Any, get_type_hints
from uuid import UUID

import pyarrow as pa

from extractors.records import Article, Extraction, Page, PlacedBlock, Quote, Work, text_hash_of

Row = Mapping[str, object]

INSTANT = pa.timestamp("us", tz="UTC")
INDEX = pa.int64()

# What a column is in Arrow, by what its field is in Python; "| None" and Literals are taken off first.
ARROW_TYPES: Mapping[object, pa.DataType] = MappingProxyType(
    {
        UUID: pa.uuid(),
        str: pa.string(),
        int: INDEX,
        float: pa.float64(),
        bool: pa.bool_(),
        date: pa.date32(),
        datetime: INSTANT,
        bytes: pa.binary(),
        tuple[str, ...]: pa.list_(pa.string()),
        tuple[tuple[int, int], ...]: pa.list_(pa.list_(INDEX)),
    }
)

# Columns that a load settles when all of the batch is in: null in what comes in, see settle.py.
SETTLED = ("wording_id", "quotation_id", "person_id")

# Columns that the warehouse adds to those of a record.
ADDED: Mapping[str, Mapping[str, pa.DataType]] = MappingProxyType(
    {
        "pages": {"first_seen": INSTANT, "run_id": pa.uuid()},
        "articles": {"work_id": pa.uuid(), "extractor_version": pa.string(), "run_id": pa.uuid()},
        "quotes": {"run_id": pa.uuid(), **dict.fromkeys(SETTLED, pa.uuid())},
    }
)


def is_stored(field: Field[Any]) -> bool:
    """Whether the field of a record is a column of its table."""
    return bool(field.metadata.get("stored", True))


def columns_of(record: type, added: Mapping[str, pa.DataType] = MappingProxyType({})) -> pa.Schema:
    """The Arrow schema of a record's stored fields, followed by the added columns; TypeError for an unmapped type."""
    hints = get_type_hints(record)
    stored = [(field.name, _arrow_type(hints[field.name])) for field in fields(record) if is_stored(field)]
    return pa.schema([*stored, *added.items()])


def _arrow_type(hint: object) -> pa.DataType:
    if hint in ARROW_TYPES:
        return ARROW_TYPES[hint]
    choices = [choice for choice in getattr(hint, "__args__", ()) if choice is not type(None)]
    if choices and all(isinstance(choice, str) for choice in choices):  # a Literal of strings
        return pa.string()
    if len(choices) == 1:  # "X | None"
        return _arrow_type(choices[0])
    message = f"no column type for {hint}: add it to ARROW_TYPES"
    raise TypeError(message)


SCHEMAS: Mapping[str, pa.Schema] = MappingProxyType(
    {
        "pages": columns_of(Page, ADDED["pages"]),
        "articles": columns_of(Article, ADDED["articles"]),
        "article_authors": pa.schema(
            [("article_id", pa.uuid()), ("position", INDEX), ("name", pa.string()), ("person_id", pa.uuid())]
        ),
        "quotes": columns_of(Quote, ADDED["quotes"]),
        "blocks": pa.schema(
            [
                ("page_id", pa.uuid()),
                ("position", INDEX),
                ("line", INDEX),
                ("role", pa.string()),
                ("reason", pa.string()),
                ("score", pa.float64()),
                ("article_id", pa.uuid()),
                ("text_hash", pa.uuid()),
            ]
        ),
        "works": columns_of(Work),
    }
)

# A table that may come with a batch, made beside its extraction: what is missing of it the load makes, in one process.
SKETCHES = pa.schema([("article_id", pa.uuid()), ("sketch", pa.list_(pa.uint64()))])


def tables_of(
    extractions: Sequence[Extraction], *, run_id: UUID, now: datetime, extractor_version: str
) -> dict[str, pa.Table]:
    """The rows of a batch by table name; of two extractions of one page the first counts.

    `now` becomes the pages' first_seen. Empty tables are there too, with their columns.
    """
    unique = tuple({e.page.page_id: e for e in reversed(extractions)}.values())[::-1]
    articles = [article for e in unique for article in e.articles]
    run: dict[str, object] = {"run_id": run_id}
    unsettled: dict[str, object] = dict.fromkeys(SETTLED)
    rows: dict[str, Iterable[Row]] = {
        "pages": (_row(e.page) | {"first_seen": now} | run for e in unique),
        "articles": (
            _row(a) | {"work_id": a.work and a.work.work_id, "extractor_version": extractor_version} | run
            for a in articles
        ),
        "article_authors": (
            {"article_id": a.article_id, "position": position, "name": name, "person_id": None}
            for a in articles
            for position, name in enumerate(a.authors)
        ),
        "quotes": (_row(quote) | run | unsettled for e in unique for quote in e.quotes),
        "blocks": (row for e in unique for row in _block_rows(e)),
        "works": ({w.work_id: _row(w) for a in reversed(articles) if (w := a.work)}.values()),
    }
    return {name: arrow_of(rows[name], schema) for name, schema in SCHEMAS.items()}


def _block_rows(extraction: Extraction) -> Iterable[Row]:
    article_ids = {article.position: article.article_id for article in extraction.articles}
    for placed in extraction.blocks:
        yield _block_row(placed, page_id=extraction.page.page_id, article_ids=article_ids)


def _block_row(placed: PlacedBlock, *, page_id: UUID, article_ids: Mapping[int, UUID]) -> Row:
    return {
        "page_id": page_id,
        "position": placed.block.position,
        "line": placed.block.line,
        "role": placed.verdict.role,
        "reason": placed.verdict.reason,
        "score": placed.verdict.score,
        "article_id": None if placed.article is None else article_ids[placed.article],
        "text_hash": text_hash_of(placed.block.text),
    }


def _row(record: Page | Article | Quote | Work) -> dict[str, object]:
    kind: type = type(record)
    return {name: getattr(record, name) for name in _stored_names(kind)}


@cache
def _stored_names(record: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(record) if is_stored(field))


def arrow_of(rows: Iterable[Row], schema: pa.Schema) -> pa.Table:
    """The rows as an Arrow table of exactly these columns; KeyError if a row lacks one."""
    listed = list(rows)
    arrays = [_array([row[field.name] for row in listed], field.type) for field in schema]
    return pa.Table.from_arrays(arrays, schema=schema)


def _array(values: list[Any], kind: pa.DataType) -> pa.Array:
    if kind == pa.uuid():
        return pa.array([value and value.bytes for value in values], kind)
    try:
        return pa.array(values, kind)
    except UnicodeEncodeError:
        return pa.array([_storable_value(value) for value in values], kind)


def _storable_value(value: object) -> object:
    if isinstance(value, tuple):
        return [_storable_value(item) for item in value]
    return storable(value) if isinstance(value, str) else value


def storable(text: str) -> str:
    """The text as a column can hold it, of the same length."""
    # Half of a surrogate pair, as broken JSON inside pages holds, is no UTF-8. One "?" for one character keeps every
    # offset into a body true.
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")
