"""Takes the rows that a critical check refused out of a batch, each with what belongs to it."""

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

import pyarrow as pa

from extractors.records import uuid_of
from warehouse.records import Quarantined
from warehouse.suites import Entry

OF_ARTICLES = ("article_authors", "article_sketches")  # tables whose rows go with their article

Refused = Mapping[int, Sequence[Entry]]
"""The place of a row in its table → the critical entries it failed, in the order of the suite."""


def without(tables: Mapping[str, pa.Table], refused: Mapping[str, Refused]) -> dict[str, pa.Table]:
    """The tables without refused rows, and without what hangs on them.

    A page takes its blocks and articles along, an article its authors and quotes, and its work if it was the last.
    The page and the blocks of a refused article stay: they tell what was there.
    """
    if not any(refused.values()):
        return dict(tables)
    pages = _dropped(tables["pages"], refused.get("pages", {}))
    gone_pages = _ids(tables["pages"], "page_id") - _ids(pages, "page_id")
    articles = _dropped(tables["articles"], refused.get("articles", {}))
    articles = _where(articles, "page_id", gone_pages, keep=False)
    gone = _ids(tables["articles"], "article_id") - _ids(articles, "article_id")
    quotes = _dropped(tables["quotes"], refused.get("quotes", {}))
    return {
        **tables,
        "pages": pages,
        "blocks": _where(tables["blocks"], "page_id", gone_pages, keep=False),
        "articles": articles,
        **{name: _where(tables[name], "article_id", gone, keep=False) for name in OF_ARTICLES if name in tables},
        "quotes": _where(quotes, "article_id", gone, keep=False),
        "works": _where(tables["works"], "work_id", _ids(articles, "work_id"), keep=True),
    }


def items_of(
    tables: Mapping[str, pa.Table], refused: Mapping[str, Refused], *, run_id: UUID
) -> tuple[Quarantined, ...]:
    """One quarantine item per refused row: its first failed check is the code, its payload the row as JSON."""
    if not any(refused.values()):
        return ()
    uri_of = dict(zip(tables["pages"]["page_id"].to_pylist(), tables["pages"]["uri"].to_pylist(), strict=True))
    articles = tables["articles"]
    page_of = dict(zip(articles["article_id"].to_pylist(), articles["page_id"].to_pylist(), strict=True))
    items = []
    for table_name, rows in refused.items():
        for place, entries in sorted(rows.items()):
            row = tables[table_name].slice(place, 1).to_pylist()[0]
            page_id = row["page_id"] if "page_id" in row else page_of.get(row["article_id"])
            payload = _json({"table": table_name, "row": row, **_family(tables, table_name, row)})
            code = f"check.{entries[0].name}"
            items.append(
                Quarantined(
                    item_id=uuid_of("check", table_name, code, payload),
                    stage="check",
                    code=code,
                    detail=f"{table_name}: not so: " + "; ".join(entry.description for entry in entries),
                    uri=uri_of.get(page_id, ""),
                    page_id=page_id,
                    payload=payload,
                    run_id=run_id,
                )
            )
    return tuple(items)


def _family(tables: Mapping[str, pa.Table], table_name: str, row: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """What goes with the row, by table."""
    if table_name == "quotes":
        return {}
    family = {}
    mine = {row.get("article_id")}
    if table_name == "pages":
        articles = _where(tables["articles"], "page_id", {row["page_id"]}, keep=True)
        family["articles"], mine = articles.to_pylist(), _ids(articles, "article_id")
    return family | {
        name: _where(tables[name], "article_id", mine, keep=True).to_pylist() for name in ("article_authors", "quotes")
    }


def _json(value: object) -> bytes:
    # Without run ids: the same refusal in two runs is the same item.
    return json.dumps(_plain(value), ensure_ascii=False, sort_keys=True).encode()


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items() if key != "run_id"}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, float) and value != value:  # noqa: PLR0124 NaN, which JSON lacks
        return None
    return value if value is None or isinstance(value, str | int | float) else str(value)


def _ids(table: pa.Table, column: str) -> set[Any]:
    return set(table[column].to_pylist()) - {None}


def _dropped(table: pa.Table, places: Collection[int]) -> pa.Table:
    return table.filter(pa.array([place not in places for place in range(table.num_rows)], pa.bool_()))


def _where(table: pa.Table, column: str, values: Collection[object], *, keep: bool) -> pa.Table:
    mask = [(value in values) is keep for value in table[column].to_pylist()]
    return table.filter(pa.array(mask, pa.bool_()))
