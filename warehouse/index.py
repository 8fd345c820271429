"""The search index: which word stands in which quote and article; brought up to date before each publication.

DuckDB's full-text index is not used, only its stemmer: it can only be built anew as a whole, which takes longer with
every row there is (see docs/benchmarks.md). This one takes as long as there are new rows.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType

import duckdb

from extractors.errors import PullquoteError
from warehouse.extensions import load_extension
from warehouse.sql import files_in
from warehouse.transaction import forget_temporary, in_lake, in_little_memory, persistently, transaction

CHUNK_QUOTES, CHUNK_ARTICLES = 12_500, 250  # half a million words each: some 50 MB while they are counted
MOST_STALE = 0.5  # of the entries: then the index is made anew, which is cheaper than to drag them along
FEW = 10_000  # entries; below it nothing is worth the trouble


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What is searched: a table, its key, the text of a row as SQL, and where the index keeps it."""

    table: str
    key: str
    text: str
    documents: str
    postings: str
    chunk: int

    def sql(self, stem: str) -> str:
        """A file of search/ for this table."""
        (text,) = (file.text for file in files_in("search") if file.stem == stem)
        return text.format_map({name: getattr(self, name) for name in self.__slots__})


SOURCES: Mapping[str, Source] = MappingProxyType(
    {
        "quotes": Source(
            table="quotes",
            key="quote_id",
            text="quotes.text",
            documents="search_quotes",
            postings="search_quote_words",
            chunk=CHUNK_QUOTES,
        ),
        "articles": Source(
            table="articles",
            key="article_id",
            text="concat_ws(' ', title, title, title, body)",  # a word of the title counts three times
            documents="search_articles",
            postings="search_article_words",
            chunk=CHUNK_ARTICLES,
        ),
    }
)


# All tables of the index.
TABLES = frozenset({"search_words"}).union(*({source.documents, source.postings} for source in SOURCES.values()))


def with_words(connection: duckdb.DuckDBPyConnection) -> None:
    """Give the connection `words_of(text)` and `stem(word, language)`; the extension comes from its wheel, no network.

    PullquoteError search.no_extension if the wheel is not there.
    """
    try:
        load_extension(connection, "fts")
    except (ModuleNotFoundError, duckdb.Error) as error:
        detail = (
            f"the full-text extension for DuckDB {duckdb.__version__} does not load: {str(error).partition(chr(10))[0]}"
        )
        raise PullquoteError("search.no_extension", detail) from error
    (macro,) = (file.text for file in files_in("search") if file.stem == "words_of")
    connection.execute(macro)


def indexed(connection: duckdb.DuckDBPyConnection) -> int:
    """Bring the index up to date; how many rows were new to it.

    In one transaction in a lake, whose readers see each; else in many small ones, which take little memory, since nobody
    sees a file before it is published. A row is known by its key and the run that wrote it: whoever rewrites a text has
    to write its run_id too. Entries of rows that are gone stay until they are many; a search leaves them out.
    """
    with_words(connection)
    if in_lake(connection):
        rows = persistently(lambda: _at_once(connection))
    else:
        rows = in_little_memory(connection, lambda: _piece_by_piece(connection))
    forget_temporary(connection)
    return rows


def _at_once(connection: duckdb.DuckDBPyConnection) -> int:
    with transaction(connection):
        _forget_if_stale(connection)
        return sum(iter(partial(_extended, connection), 0))


def _piece_by_piece(connection: duckdb.DuckDBPyConnection) -> int:
    with transaction(connection):
        _forget_if_stale(connection)
    return sum(iter(partial(_committed, connection), 0))


def _committed(connection: duckdb.DuckDBPyConnection) -> int:
    with transaction(connection):
        return _extended(connection)


def _forget_if_stale(connection: duckdb.DuckDBPyConnection) -> None:
    for source in SOURCES.values():
        entries, rows = (
            _number(connection, f"SELECT count(*) FROM {name}") for name in (source.documents, source.table)
        )
        if entries > FEW and entries - rows > entries * MOST_STALE:
            for table in (source.documents, source.postings):
                connection.execute(f"DELETE FROM {table}")


def _extended(connection: duckdb.DuckDBPyConnection) -> int:
    """Take in the next missing rows of one of the sources; how many these were, 0 if none is missing."""
    for source in SOURCES.values():
        connection.execute(source.sql("missing"))
        if count := _number(connection, "SELECT count(*) FROM search_missing"):
            for step in (file.stem for file in files_in("search") if file.stem.startswith("chunk_")):
                connection.execute(source.sql(step))
            return count
    return 0


def _number(connection: duckdb.DuckDBPyConnection, sql: str) -> int:
    row = connection.execute(sql).fetchone()
    return int(row[0]) if row else 0
