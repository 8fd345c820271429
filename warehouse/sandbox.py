"""Where questions to the published file are answered: read-only, without files or network, with limits."""

import resource
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from extractors.errors import PullquoteError
from warehouse.files import named_failures
from warehouse.lake import attach, data_of
from warehouse.store import Lake, Store

INSIST = 0.1  # seconds between two interrupts: one that comes before the query has begun is lost
GRACE = 5.0  # seconds that a query may take to notice an interrupt: a single long string is made without looking up
BESIDE = 512_000_000  # bytes for all that is no query: results on their way out, stacks of threads

EVALUATING = frozenset({"query", "query_table", "json_execute_serialized_sql"})

Prepare = Callable[[duckdb.DuckDBPyConnection], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one question may take: seconds, and memory as DuckDB writes it; what it may give: rows and bytes.

    `give_up` is called if the question does not even end `GRACE` seconds after it was told to stop; it should end the
    process. None: it is waited for.
    """

    seconds: float = 30
    memory: str = "1GB"
    rows: int = 10_000
    bytes: int = 200_000_000
    give_up: Callable[[], None] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sandbox:
    """A connection that can do no harm with SQL that calls none of the `barred` functions."""

    connection: duckdb.DuckDBPyConnection
    barred: frozenset[str] = frozenset()


@contextmanager
def sandbox(store: Store, limits: Limits, *, prepare: Prepare | None = None) -> Iterator[Sandbox]:
    """What people see of the warehouse, where no harm can be done; `prepare` is called before it is locked.

    PullquoteError: query.missing (no such file), query.refused (out of the sandbox), query.timeout, query.memory,
    query.failed, warehouse.corrupt, and for a lake those of `attach`.
    """
    if isinstance(store, Path) and not store.is_file():
        raise PullquoteError("query.missing", f"there is no warehouse at {store}; an ingest makes one")
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
        with named_failures(store):
            barred = _attached(connection, store)
        if prepare:
            prepare(connection)
        with _named_errors(limits), _bounded(connection, limits.memory):
            connection.execute("USE warehouse")
            connection.execute("SET TimeZone = 'UTC'")
            connection.execute("SET enable_progress_bar = false")  # else it appears after two seconds, among the rows
            connection.execute("SET enable_external_access = false")
            connection.execute("SET lock_configuration = true")
            with _stopped_after(connection, limits):
                yield Sandbox(connection=connection, barred=barred)
    finally:
        connection.close()


def _attached(connection: duckdb.DuckDBPyConnection, store: Store) -> frozenset[str]:
    """The functions that have to be barred: those that open databases of their own, whatever the sandbox says, and
    those that run SQL which nobody has looked at.
    """
    if isinstance(store, Lake):
        before = _functions(connection)
        attach(connection, store, read_only=True)
        connection.execute("SET allowed_directories = [$data]", {"data": data_of(connection)})
        return (_functions(connection) - before) | EVALUATING
    quoted = str(store).replace("'", "''")
    connection.execute(f"ATTACH '{quoted}' AS warehouse (READ_ONLY)")
    return frozenset()


def _functions(connection: duckdb.DuckDBPyConnection) -> frozenset[str]:
    return frozenset(n for (n,) in connection.execute("SELECT function_name FROM duckdb_functions()").fetchall())


@contextmanager
def _bounded(connection: duckdb.DuckDBPyConnection, memory: str) -> Iterator[None]:
    """DuckDB does not count the memory of strings that functions make: the system does, for the whole process."""
    connection.execute("SET memory_limit = $memory", {"memory": memory})
    row = connection.execute("SELECT parse_formatted_bytes(current_setting('memory_limit'))").fetchone()
    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    most = _bytes_taken() + 2 * int(row[0] if row else 0) + BESIDE
    if soft == resource.RLIM_INFINITY or most < soft:
        resource.setrlimit(resource.RLIMIT_DATA, (most, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


def _bytes_taken() -> int:
    """What counts towards RLIMIT_DATA so far; where the system does not tell, the most it has had."""
    try:
        lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmData")), 0)


@contextmanager
def _stopped_after(connection: duckdb.DuckDBPyConnection, limits: Limits) -> Iterator[None]:
    done = threading.Event()

    def watch() -> None:
        if done.wait(limits.seconds):
            return
        for _ in range(round(GRACE / INSIST)):
            connection.interrupt()
            if done.wait(INSIST):
                return
        if limits.give_up:
            limits.give_up()
        while not done.wait(INSIST):
            connection.interrupt()

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()


@contextmanager
def _named_errors(limits: Limits) -> Iterator[None]:
    try:
        yield
    except duckdb.InterruptException as error:
        raise PullquoteError("query.timeout", stopped(limits)) from error
    except (duckdb.OutOfMemoryException, MemoryError) as error:
        raise PullquoteError("query.memory", f"needs more than the {limits.memory} of memory it may have") from error
    except duckdb.PermissionException as error:
        raise PullquoteError("query.refused", _first_line(error)) from error
    except duckdb.Error as error:
        raise PullquoteError("query.failed", _first_line(error)) from error


def stopped(limits: Limits) -> str:
    """What is said of a question that took too long."""
    return f"stopped after {limits.seconds:g} s"


def _first_line(error: duckdb.Error) -> str:
    return str(error).strip().partition("\n")[0]
