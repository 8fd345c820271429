"""Words → quotes or articles of the published warehouse that have them, the best first."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import duckdb

from extractors.errors import PullquoteError
from warehouse.index import SOURCES, Source, with_words
from warehouse.sandbox import Limits, sandbox
from warehouse.sql import files_in
from warehouse.store import Store
from warehouse.tables import storable

FIRST_LOOK = 50  # places of the ranking that are looked at first; what a phrase or a filter needs more comes in steps
STEP = 8  # times as many places each time
ALIKE = (
    0.88  # Jaro-Winkler similarity from which a word may be the one that was meant; "samanta" and "samantha" have .97
)
SUGGESTIONS = 3

_PHRASE = re.compile('["“”„«»]([^"“”„«»]*)["“”„«»]|([^\\s"“”„«»]+)')
_WORD = re.compile(r"[^\W_](?:[^\W_]|['’](?=\w)|[\u0300-\u036f])*")
_IDEOGRAPH = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]")

Where = Literal["quotes", "articles"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What to search for. `words` must all be there, in any form of theirs; what stands in quotation marks, exactly.

    `speaker` and `site`: every word of it is to be in the name; `since`, `until`: days of publication, both inclusive.
    """

    words: str
    where: Where = "quotes"
    speaker: str | None = None
    site: str | None = None
    since: date | None = None
    until: date | None = None
    limit: int = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A quote or an article that was found; `speaker` and `quote_id` are None for an article."""

    score: float
    text: str
    speaker: str | None
    title: str | None
    site: str | None
    published: date | None
    address: str
    quote_id: str | None
    article_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The hits, the best first. `sought`: folded words (one alone, or a phrase) with their other forms, for highlighting.

    `absent` are sought words that nothing has, with what may have been meant; `more`: there may be more than the limit.
    """

    hits: tuple[Hit, ...]
    sought: tuple[tuple[frozenset[str], ...], ...]
    absent: tuple[tuple[str, tuple[str, ...]], ...] = ()
    more: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """A word of the wish with the stored words that count as it: number and spelling."""

    word: str
    forms: tuple[tuple[int, str], ...]


def found(store: Store, wish: Wish, *, limits: Limits = Limits()) -> Found:  # noqa: B008 - frozen
    """What people see of the warehouse.

    PullquoteError: search.empty (no word in it), search.no_index, search.no_extension, and those of `sandbox`.
    """
    source = SOURCES[wish.where]
    with sandbox(store, limits, prepare=with_words) as opened:
        connection = opened.connection
        _require_index(connection, store)
        groups = [(_words_in(connection, text), exact) for text, exact in _groups_of(storable(wish.words))]
        groups = [(words, exact or len(words) > 1) for words, exact in groups if words]
        if not groups:
            raise PullquoteError("search.empty", f"there is no word to search for in {wish.words!r}")
        parts = [[_part(connection, word, exact=exact) for word in words] for words, exact in groups]
        sought = tuple(tuple(frozenset(form for _, form in part.forms) for part in group) for group in parts)
        flat = {part.word: part for group in parts for part in group if not part.forms}
        if flat:
            absent = tuple((word, _alike(connection, word)) for word in flat)
            return Found(hits=(), sought=sought, absent=absent)
        _rank(connection, source, [part for group in parts for part in group])
        phrases = [f" {' '.join(words)} " for words, exact in groups if exact and len(words) > 1]
        hits = tuple(_hits(connection, source, wish, phrases))
    return Found(hits=hits[: wish.limit], sought=sought, more=len(hits) > wish.limit)


def marks_in(text: str, sought: Sequence[Sequence[frozenset[str]]]) -> list[tuple[int, int]]:
    """Where the sought words stand in the text, as [start, stop), in order and apart; phrases as a whole."""
    words = [(folded(text[start:stop]), start, stop) for start, stop in _places(text)]
    marks: list[tuple[int, int]] = []
    for group in sought:
        for first in range(len(words) - len(group) + 1):
            run = words[first : first + len(group)]
            if all(word in forms for (word, _, _), forms in zip(run, group, strict=True)):
                marks.append((run[0][1], run[-1][2]))
    apart: list[tuple[int, int]] = []
    for start, stop in sorted(marks):
        if apart and start < apart[-1][1]:
            apart[-1] = (apart[-1][0], max(stop, apart[-1][1]))
        else:
            apart.append((start, stop))
    return apart


def folded(word: str) -> str:
    """One word as the index has it: see search/words_of.sql."""
    bare = "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))
    return re.sub(r"['’](s\b)?", "", unicodedata.normalize("NFC", bare).lower())


def _places(text: str) -> Iterator[tuple[int, int]]:
    for match in _WORD.finditer(text):
        if _IDEOGRAPH.search(match.group()):
            yield from ((at, at + 1) for at in range(*match.span()))
        else:
            yield match.span()


def _groups_of(words: str) -> Iterator[tuple[str, bool]]:
    """Each phrase in quotation marks (True) and each other stretch without blanks (False)."""
    for match in _PHRASE.finditer(words):
        yield (match[2], False) if match[1] is None else (match[1], True)


def _require_index(connection: duckdb.DuckDBPyConnection, store: Store) -> None:
    row = connection.execute("SELECT count(*) FROM duckdb_tables() WHERE table_name = 'search_words'").fetchone()
    if not row or not row[0]:
        raise PullquoteError("search.no_index", f"{store} has no search index yet; the next ingest adds it")


def _words_in(connection: duckdb.DuckDBPyConnection, text: str) -> list[str]:
    row = connection.execute("SELECT words_of($text)", {"text": text}).fetchone()
    return list(row[0]) if row else []


def _part(connection: duckdb.DuckDBPyConnection, word: str, *, exact: bool) -> _Part:
    same = "word = $word" if exact else "stem = stem($word, 'porter') OR word = $word"
    rows = connection.execute(f"SELECT word_id, word FROM search_words WHERE {same}", {"word": word}).fetchall()
    return _Part(word=word, forms=tuple(rows))


def _alike(connection: duckdb.DuckDBPyConnection, word: str) -> tuple[str, ...]:
    sql = """
        SELECT word FROM search_words
        WHERE abs(length(word) - length($word)) <= 2 AND jaro_winkler_similarity(word, $word) >= $alike
        ORDER BY jaro_winkler_similarity(word, $word) DESC, word_id
        LIMIT $most
    """
    rows = connection.execute(sql, {"word": word, "alike": ALIKE, "most": SUGGESTIONS}).fetchall()
    return tuple(name for (name,) in rows)


def _rank(connection: duckdb.DuckDBPyConnection, source: Source, parts: Sequence[_Part]) -> None:
    unique = list({part.word: part for part in parts}.values())
    pairs = [(number, word_id) for number, part in enumerate(unique) for word_id, _ in part.forms]
    connection.execute(
        source.sql("ranked"),
        {"parts": [part for part, _ in pairs], "word_ids": [word_id for _, word_id in pairs], "count": len(unique)},
    )


def _hits(connection: duckdb.DuckDBPyConnection, source: Source, wish: Wish, phrases: Sequence[str]) -> Iterator[Hit]:
    """One more than the limit, if there are so many; the ranking is looked at from the top, and no further than needed."""
    filters = {
        "speaker": wish.speaker and storable(wish.speaker),
        "site": wish.site and storable(wish.site),
        "since": wish.since,
        "until": wish.until,
    }
    in_quotes = wish.where == "quotes"
    wanted = wish.limit + 1
    row = connection.execute("SELECT count(*) FROM search_ranked").fetchone()
    first, step, places = 1, max(FIRST_LOOK, wanted), int(row[0]) if row else 0
    while first <= places and wanted:
        bounds = {"first": first, "last": first + step - 1, "limit": wanted if in_quotes or not phrases else step}
        values = filters | bounds | ({"phrases": list(phrases)} if in_quotes else {})
        cursor = connection.execute(source.sql(wish.where), values)
        names = [column[0] for column in cursor.description or ()]
        for record in cursor.fetchall():
            if not wanted:
                return
            found_row = dict(zip(names, record, strict=True))
            if not in_quotes:
                found_row["text"] = _body(connection, found_row["article_id"], phrases)
            if found_row["text"] is not None:
                wanted -= 1
                yield _hit(found_row)
        first, step = first + step, step * STEP


def _body(connection: duckdb.DuckDBPyConnection, article_id: object, phrases: Sequence[str]) -> str | None:
    (sql,) = (file.text for file in files_in("search") if file.stem == "body")
    row = connection.execute(sql, {"article_id": article_id, "phrases": list(phrases)}).fetchone()
    return str(row[0]) if row else None


def _hit(row: dict[str, object]) -> Hit:
    values = {"speaker": None, "quote_id": None} | row
    for name in ("quote_id", "article_id"):
        values[name] = values[name] and str(values[name])
    return Hit(**values)  # type: ignore[arg-type]  # the columns of quotes.sql and articles.sql are the fields
