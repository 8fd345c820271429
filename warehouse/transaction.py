"""All or nothing, and in a lake one publisher after another, wherever they run.

DuckLake lets two transactions insert into one table at once, which is no way to keep keys unique or documents
numbered. So every transaction of ours rewrites one and the same row: of two at once the second cannot commit, and does
all of its work again on top of the first.
"""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from random import uniform
from typing import TypeVar

import duckdb

logger = logging.getLogger(__name__)

TURN = "UPDATE schema_files SET sha256 = sha256 WHERE name = 'migrations/0000_schema_files.sql'"

# Seconds between two attempts, on average: in a minute somebody else's load is over, or something is wrong.
PAUSES = (0.1, 0.2, 0.4, 0.8, 1.6, *[3.0] * 20)

# What DuckLake, SQLite and Postgres say when somebody else was faster.
CONFLICTS = ("Transaction conflict", "database is locked", "could not serialize", "duplicate key", "already exists")

# Of memory: a load of 2,500 pages took a tenth longer in 200 MB, and no longer in 300 MB than without a limit; a slice has
# 1,000.
LITTLE = "192MB"

Value = TypeVar("Value")


@contextmanager
def transaction(connection: duckdb.DuckDBPyConnection, *, alone: bool = True) -> Iterator[None]:
    """What is done inside is committed at its end, or not at all; `alone`: in a lake it fails if another was faster."""
    connection.execute("BEGIN")
    try:
        if alone and in_lake(connection):
            connection.execute(TURN)
        yield
    except BaseException:
        with suppress(duckdb.Error):  # the failure (a full disk) may have ended it; the failure is what to report
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def persistently(work: Callable[[], Value]) -> Value:
    """What the work gives; it is done again as long as others are faster."""
    for pause in PAUSES:
        try:
            return work()
        except duckdb.Error as error:
            if not any(symptom in str(error) for symptom in CONFLICTS):
                raise
            logger.info("another publisher was faster; going on after it")
            time.sleep(pause * uniform(0.5, 1.5))  # noqa: S311 - so that two do not meet again
    return work()


def in_little_memory(connection: duckdb.DuckDBPyConnection, work: Callable[[], Value]) -> Value:
    """What the work gives: in LITTLE memory, and in all that DuckDB would take if that was not enough.

    Left alone, DuckDB keeps what it has met until most of the machine's memory is full, beside processes that want it
    as well. What does not fit goes to the disk, which a load hardly notices. A lake has no disk of its own here.
    """
    if in_lake(connection):
        return work()
    with suppress(duckdb.OutOfMemoryException), at_most(LITTLE, connection):
        return work()
    return work()


def patiently(work: Callable[[], Value]) -> Value:
    """What the work gives; it is done again while another thread's load has all the memory that there is."""
    for pause in PAUSES:
        with suppress(duckdb.OutOfMemoryException):
            return work()
        time.sleep(pause)
    return work()


@contextmanager
def at_most(memory: str, connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """DuckDB uses no more memory, and gives back what it has; unless it cannot go on without it."""
    with suppress(duckdb.OutOfMemoryException):  # it has given back what it could
        connection.execute(f"SET memory_limit = '{memory}'")
    try:
        yield
    finally:
        connection.execute("RESET memory_limit")  # tells what there is, and changes nothing yet
        if row := connection.execute("SELECT current_setting('memory_limit')").fetchone():
            connection.execute(f"SET memory_limit = '{row[0]}'")


def forget_temporary(connection: duckdb.DuckDBPyConnection) -> None:
    """Drop the connection's temporary tables, which hold memory until it closes: a column of ten rows as much as one of
    ten thousand.
    """
    temporary = "SELECT table_name FROM duckdb_tables() WHERE temporary"
    for (name,) in connection.execute(temporary).fetchall():
        connection.execute(f'DROP TABLE temp."{name}"')


def in_lake(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether the connection's warehouse is a lake."""
    row = connection.execute("SELECT type FROM duckdb_databases() WHERE database_name = current_database()").fetchone()
    return bool(row and row[0] == "ducklake")
