"""Questions to the published file: read-only, without files or network, with limits on time, memory and rows."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from extractors.errors import PullquoteError
from warehouse.files import named_failures
from warehouse.sql import files_in

INSIST = 0.1  # seconds between two interrupts: one that comes before the query has begun is lost

# EXPLAIN ANALYZE runs what it explains, in the same sandbox.
ALLOWED = frozenset({duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN})


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The rows of an answer; `cut` if there were more than the limit."""

    table: pa.Table
    cut: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A saved question: its name, what it answers (its first comment line), its SQL."""

    name: str
    answers: str
    sql: str


def saved_questions() -> tuple[Question, ...]:
    """The questions in queries/*.sql, by name."""
    return tuple(
        Question(name=file.stem, answers=file.text.partition("\n")[0].removeprefix("--").strip(), sql=file.text)
        for file in files_in("queries")
    )


def question(name: str) -> Question:
    """A saved question; PullquoteError query.unknown."""
    for saved in saved_questions():
        if saved.name == name:
            return saved
    names = ", ".join(saved.name for saved in saved_questions())
    raise PullquoteError("query.unknown", f"no saved question is called {name}; there are: {names}")


def answer(
    path: Path,
    sql: str,
    *,
    params: Mapping[str, object] | None = None,
    timeout: float = 30,
    memory: str = "1GB",
    limit: int = 10_000,
) -> Answer:
    """The answer to one SELECT on the published file: at most `limit` rows, after at most `timeout` seconds.

    PullquoteError: query.missing (no such file), query.refused (not a single SELECT, or out of the sandbox),
    query.timeout, query.memory, query.failed, warehouse.corrupt.
    """
    with _sandbox(path, memory=memory) as connection, _named_errors(timeout=timeout, memory=memory):
        _refuse_all_but_one_select(connection, sql)
        with _stopped_after(connection, timeout):
            relation = connection.sql(sql, params=dict(params)) if params else connection.sql(sql)
            table = relation.limit(limit + 1).to_arrow_table()
    return Answer(table=table.slice(0, limit), cut=table.num_rows > limit)


@contextmanager
def _sandbox(path: Path, *, memory: str) -> Iterator[duckdb.DuckDBPyConnection]:
    if not path.is_file():
        raise PullquoteError("query.missing", f"there is no warehouse at {path}; an ingest makes one")
    # The file is attached to a database of its own in memory: opening it directly would, in a process that has it open
    # already, share that handle, and so show the file from before the last publish.
    connection = duckdb.connect(
        ":memory:",
        config={
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "python_enable_replacements": "false",  # else a table name finds Python variables
            "temp_directory": "",  # else a large sort fills the disk
        },
    )
    try:
        with named_failures(path):
            quoted = str(path).replace("'", "''")
            connection.execute(f"ATTACH '{quoted}' AS warehouse (READ_ONLY)")
        connection.execute("USE warehouse")
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute("SET enable_progress_bar = false")  # it would stand in the middle of an answer
        connection.execute("SET memory_limit = $memory", {"memory": memory})
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
        yield connection
    finally:
        connection.close()


def _refuse_all_but_one_select(connection: duckdb.DuckDBPyConnection, sql: str) -> None:
    statements = connection.extract_statements(sql)
    if len(statements) != 1 or statements[0].type not in ALLOWED:
        raise PullquoteError("query.refused", "only one SELECT at a time is answered, nothing that changes anything")


@contextmanager
def _stopped_after(connection: duckdb.DuckDBPyConnection, timeout: float) -> Iterator[None]:
    done = threading.Event()

    def watch() -> None:
        late = not done.wait(timeout)
        while late:
            connection.interrupt()
            late = not done.wait(INSIST)

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()


@contextmanager
def _named_errors(*, timeout: float, memory: str) -> Iterator[None]:
    try:
        yield
    except duckdb.InterruptException as error:
        raise PullquoteError("query.timeout", f"stopped after {timeout:g} s") from error
    except duckdb.OutOfMemoryException as error:
        raise PullquoteError("query.memory", f"needs more than the {memory} of memory it may have") from error
    except duckdb.PermissionException as error:
        raise PullquoteError("query.refused", _first_line(error)) from error
    except duckdb.Error as error:
        raise PullquoteError("query.failed", _first_line(error)) from error


def _first_line(error: duckdb.Error) -> str:
    return str(error).strip().partition("\n")[0]
