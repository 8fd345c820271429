"""What a load settles across pages, inside its transaction: quotations, people, copies of articles.

All of it follows from the stored quotes and articles, whatever came first, and is worked out anew for what a batch
touched. The one thing that depends on the order of batches: a key that more than 100 wordings have is not followed
(candidates.sql), so that two wordings with nothing rarer in common may be joined early and would not be joined late.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from uuid import UUID

import duckdb
import pyarrow as pa

from extractors.records import Mention, Variant, Wording
from warehouse.records import Written
from warehouse.sql import files_in, merge_of
from warehouse.tables import SKETCHES, arrow_of

CHUNK = 20_000  # rows in Python at a time
BODIES = 500  # articles in Python at a time

KEYS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "quotations": ("quotation_id",),
        "person_aliases": ("person_id", "alias"),
        "people": ("person_id",),
        "article_sketches": ("article_id",),
        "wordings": ("wording_id",),
        "wording_pairs": ("one", "other"),
    }
)

# The tables that are counted anew, and where it says for which of their rows.
COUNTED = (("quotations", "touched_quotations"), ("person_aliases", "touched_people"), ("people", "touched_people"))

READ = pa.schema([("quote_id", pa.uuid()), ("wording_id", pa.uuid())])
WORDINGS = pa.schema(
    [
        ("wording_id", pa.uuid()),
        ("words", pa.string()),
        ("speaker", pa.string()),
        ("work_id", pa.uuid()),
        ("keys", pa.list_(pa.uint64())),
    ]
)
PAIRS = pa.schema([("one", pa.uuid()), ("other", pa.uuid()), ("variant", pa.string())])
FAMILIES = pa.schema([("wording_id", pa.uuid()), ("quotation_id", pa.uuid())])
PERSONS = pa.schema([("page_id", pa.uuid()), ("work_id", pa.uuid()), ("name", pa.string()), ("person_id", pa.uuid())])
WRITTEN_BY = pa.schema([("article_id", pa.uuid()), ("position", pa.int64()), ("person_id", pa.uuid())])


@dataclass(frozen=True, slots=True, kw_only=True)
class Judge:
    """What a load asks about words and names. The answers are the extractors', and handed in: the warehouse does not
    know how text is read.
    """

    wording_of: Callable[..., Wording]
    variant_of: Callable[[Wording, Wording], Variant | None]
    families_of: Callable[[Mapping[UUID, int], Iterable[tuple[UUID, UUID, Variant]]], dict[UUID, UUID]]
    persons_of: Callable[[Collection[Mention], Iterable[tuple[UUID, str]]], list[UUID]]
    person_of: Callable[..., UUID]
    sketch_of: Callable[[str], tuple[int, ...]]


def note_touched(connection: duckdb.DuckDBPyConnection) -> None:
    """Before the batch is merged: remember what its pages have had a part in."""
    _run(connection, "before")


def settled(connection: duckdb.DuckDBPyConnection, judge: Judge, sketches: pa.Table | None) -> tuple[Written, ...]:
    """After the batch is merged: bring what is known across pages up to date; what was written, by table.

    `sketches` are those of its articles that came with the batch, which may be all of them or none.
    """
    before = {name: _count(connection, name) for name in KEYS}
    _run(connection, "unread")
    _read(connection, judge)
    _join(connection, judge)
    _name(connection, judge)
    touched = {"article_sketches": _sketch(connection, judge, sketches or SKETCHES.empty_table())}
    for name, rows in COUNTED:
        touched[name] = _counted_anew(connection, name, rows)
    return tuple(_written(connection, name, before[name], *touched[name]) for name in touched)


def _read(connection: duckdb.DuckDBPyConnection, judge: Judge) -> None:
    """Give every unread quote its wording."""
    for first in range(0, _count(connection, "unread"), CHUNK):
        sql = "SELECT quote_id, text, speaker, work_id, article_id FROM unread ORDER BY rowid LIMIT ? OFFSET ?"
        rows = connection.execute(sql, [CHUNK, first]).fetchall()
        wordings = [
            judge.wording_of(text, speaker=speaker, work_id=work_id, article_id=article_id)
            for _, text, speaker, work_id, article_id in rows
        ]
        read = [
            {"quote_id": row[0], "wording_id": wording.wording_id} for row, wording in zip(rows, wordings, strict=True)
        ]
        unique = {wording.wording_id: wording for wording in wordings}.values()
        columns = [{name: getattr(wording, name) for name in WORDINGS.names} for wording in unique]
        _give(connection, "read_chunk", arrow_of(read, READ))
        _give(connection, "wordings_chunk", arrow_of(columns, WORDINGS))
        _run(connection, "read")


def _join(connection: duckdb.DuckDBPyConnection, judge: Judge) -> None:
    """Find out which wordings are one quotation."""
    _run(connection, "candidates")
    _give(connection, "new_pairs", arrow_of(_pairs(connection, judge), PAIRS))
    _run(connection, "reached")
    counted = "length(words) - length(replace(words, ' ', '')) + 1"
    lengths = connection.execute(f"SELECT wording_id, {counted} FROM wordings SEMI JOIN reached USING (wording_id)")
    length_of = dict(lengths.fetchall())
    known = "SELECT * FROM wording_pairs WHERE one IN (SELECT wording_id FROM reached)"
    families = judge.families_of(length_of, connection.execute(known).fetchall())
    rows = [{"wording_id": wording, "quotation_id": quotation} for wording, quotation in families.items()]
    _give(connection, "families", arrow_of(rows, FAMILIES))
    _run(connection, "moved")


def _pairs(connection: duckdb.DuckDBPyConnection, judge: Judge) -> list[Mapping[str, object]]:
    """The candidates that are one line. Places stand for ids, as an id takes longer to fetch than the rest of a row."""
    involved = connection.execute("SELECT wording_id, words, speaker, work_id FROM involved ORDER BY place").fetchall()
    wordings = [
        Wording(wording_id=wording_id, words=words, speaker=speaker, work_id=work_id, keys=())
        for wording_id, words, speaker, work_id in involved
    ]
    connection.execute(
        "SELECT one.place, other.place FROM candidates JOIN involved AS one ON candidates.one = one.wording_id "
        "JOIN involved AS other ON candidates.other = other.wording_id"
    )
    found: list[Mapping[str, object]] = []
    while places := connection.fetchmany(CHUNK):
        for one, other in places:
            if variant := judge.variant_of(wordings[one], wordings[other]):
                ids = {"one": wordings[one].wording_id, "other": wordings[other].wording_id}
                found.append({**ids, "variant": variant})
    return found


def _name(connection: duckdb.DuckDBPyConnection, judge: Judge) -> None:
    """Give quotes and bylines their people."""
    _run(connection, "mentions")
    rows = connection.execute("SELECT page_id, work_id, name, in_dialogue, settled FROM mentions").fetchall()
    mentions = [
        Mention(page_id=page_id, work_id=work_id, name=name, in_dialogue=in_dialogue)
        for page_id, work_id, name, in_dialogue, _ in rows
    ]
    cast = connection.execute("SELECT work_id, name FROM cast_now").fetchall()
    persons = [
        {"page_id": mention.page_id, "work_id": mention.work_id, "name": mention.name, "person_id": person}
        for mention, person, row in zip(mentions, judge.persons_of(mentions, cast), rows, strict=True)
        if row[4]
    ]
    unnamed = connection.execute(
        "SELECT article_id, article_authors.position, name, page_id FROM article_authors JOIN articles USING (article_id) "
        "WHERE person_id IS NULL"
    ).fetchall()
    written_by = [
        {"article_id": article_id, "position": position, "person_id": judge.person_of(name, page_id=page_id)}
        for article_id, position, name, page_id in unnamed
    ]
    _give(connection, "persons", arrow_of(persons, PERSONS))
    _give(connection, "written_by", arrow_of(written_by, WRITTEN_BY))
    _run(connection, "people")


def _sketch(connection: duckdb.DuckDBPyConnection, judge: Judge, sketches: pa.Table) -> tuple[int, int]:
    """Store the sketches that came with the batch, and sketch those of its articles that came without, and those stored
    before there were sketches; (rows merged, rows deleted).
    """
    connection.execute("DELETE FROM article_sketches WHERE article_id NOT IN (SELECT article_id FROM articles)")
    deleted = _last_count(connection)
    merged = _merge_sketches(connection, sketches)
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE unsketched AS SELECT article_id, row_number() OVER () AS place FROM articles "
        "WHERE article_id NOT IN (SELECT article_id FROM incoming_article_sketches) AND "
        "(article_id IN (SELECT article_id FROM touched_articles) "
        "OR article_id NOT IN (SELECT article_id FROM article_sketches))"
    )
    for first in range(0, _count(connection, "unsketched"), BODIES):
        chunk = "SELECT article_id FROM unsketched WHERE place > ? AND place <= ?"
        sql = f"SELECT article_id, body FROM articles WHERE article_id IN ({chunk})"
        bodies = connection.execute(sql, [first, first + BODIES]).fetchall()
        sketched = [{"article_id": key, "sketch": judge.sketch_of(body)} for key, body in bodies]
        merged += _merge_sketches(connection, arrow_of(sketched, SKETCHES))
    return merged, deleted


def _merge_sketches(connection: duckdb.DuckDBPyConnection, sketches: pa.Table) -> int:
    _give(connection, "incoming_article_sketches", sketches)
    connection.execute(merge_of("article_sketches", SKETCHES.names, key=KEYS["article_sketches"]))
    return _last_count(connection)


def _counted_anew(connection: duckdb.DuckDBPyConnection, name: str, touched: str) -> tuple[int, int]:
    """Count rows anew; (rows merged, rows deleted)."""
    (query,) = (file.text for file in files_in("settling/derived") if file.stem == name)
    connection.execute(f'CREATE OR REPLACE TEMP TABLE "incoming_{name}" AS {query}')
    key = ", ".join(f'"{column}"' for column in KEYS[name])
    connection.execute(
        f'DELETE FROM "{name}" WHERE "{KEYS[name][0]}" IN (SELECT * FROM {touched}) '
        f'AND ({key}) NOT IN (SELECT {"(" + key + ")" if "," in key else key} FROM "incoming_{name}")'
    )
    deleted = _last_count(connection)
    columns = [row[0] for row in connection.execute(f'DESCRIBE "incoming_{name}"').fetchall()]
    connection.execute(merge_of(name, columns, key=KEYS[name]))
    return _last_count(connection), deleted


def _written(connection: duckdb.DuckDBPyConnection, name: str, before: int, merged: int, deleted: int) -> Written:
    inserted = _count(connection, name) - before + deleted
    return Written(table_name=name, inserted=inserted, updated=merged - inserted, deleted=deleted)


def _give(connection: duckdb.DuckDBPyConnection, name: str, table: pa.Table) -> None:
    """The Arrow table as a temporary one: DuckDB cannot filter a registered one by a UUID while it joins."""
    connection.register("given", table)
    connection.execute(f'CREATE OR REPLACE TEMP TABLE "{name}" AS FROM given')
    connection.unregister("given")


def _run(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    (sql,) = (file.text for file in files_in("settling") if file.stem == name)
    connection.execute(sql)


def _last_count(connection: duckdb.DuckDBPyConnection) -> int:
    row: Any = connection.fetchone()
    return int(row[0]) if row else 0


def _count(connection: duckdb.DuckDBPyConnection, table_name: str) -> int:
    connection.execute(f'SELECT count(*) FROM "{table_name}"')
    return _last_count(connection)
