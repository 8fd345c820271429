"""What servers said of addresses we asked for, beside the warehouse: a hint that saves questions, never the truth.

Whether a page is dealt with is for the ledger to say; without this file everything is asked for anew.
"""

import sqlite3
import zlib
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import astuple, dataclass, fields
from pathlib import Path

from extractors.errors import PullquoteError

NOWHERE = ":memory:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Remembered:
    """The last answer of an address: `final` is where redirects led, `asked` when that was, in seconds since 1970.

    `sha256` is that of a page's bytes, `code` why it was refused, `body` what a listing or robots.txt held.
    """

    url: str
    final: str
    asked: float
    etag: str | None = None
    modified: str | None = None
    sha256: str | None = None
    code: str | None = None
    body: bytes | None = None


NAMES = tuple(entry.name for entry in fields(Remembered))
TABLE = f"CREATE TABLE IF NOT EXISTS answers ({', '.join(NAMES)}, PRIMARY KEY (url)) WITHOUT ROWID"
STORE = f"INSERT OR REPLACE INTO answers VALUES ({', '.join('?' * len(NAMES))})"
ASK = f"SELECT {', '.join(NAMES)} FROM answers WHERE url IN "
AT_ONCE = 500  # names in one question, below SQLite's bound


@dataclass(frozen=True, slots=True)
class Memory:
    """Answers by address."""

    connection: sqlite3.Connection
    place: str

    def of(self, urls: Sequence[str]) -> dict[str, Remembered]:
        """What is remembered of these addresses; PullquoteError "fetch.memory" if the file cannot be read."""
        found: dict[str, Remembered] = {}
        for start in range(0, len(urls), AT_ONCE):
            asked = urls[start : start + AT_ONCE]
            with _named(self.place):
                for row in self.connection.execute(f"{ASK} ({', '.join('?' * len(asked))})", asked):
                    values = dict(zip(NAMES, row, strict=True))
                    values["body"] = zlib.decompress(values["body"]) if values["body"] is not None else None
                    found[values["url"]] = Remembered(**values)
        return found

    def keep(self, answer: Remembered) -> None:
        """From now on this is what the address said; PullquoteError "fetch.memory" if the file cannot be written."""
        *rest, body = astuple(answer)
        with _named(self.place), self.connection:
            self.connection.execute(STORE, (*rest, zlib.compress(body) if body is not None else None))


@contextmanager
def memory_at(path: Path | None, *, rehearsal: bool = False) -> Iterator[Memory]:
    """The memory in a file, made if it is missing; of no file one that ends with the program. A rehearsal reads the
    file and writes none. PullquoteError "fetch.memory" if the file is something else.
    """
    place = str(path) if path and not rehearsal else NOWHERE
    with _named(str(path)):
        connection = sqlite3.connect(place, check_same_thread=False, timeout=60)
    with closing(connection):
        with _named(str(path)):
            if rehearsal and path and path.exists():
                with closing(sqlite3.connect(path)) as stored:
                    stored.backup(connection)
            connection.execute("PRAGMA synchronous = OFF")  # a hint that is lost costs a question
            connection.execute(TABLE)
        yield Memory(connection, str(path))


@contextmanager
def _named(place: str) -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, zlib.error) as error:
        raise PullquoteError("fetch.memory", f"{place} cannot be used: {error}; it may be deleted") from None
