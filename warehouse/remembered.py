"""What the warehouse remembers of sites: the lines that a host repeats."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from threading import Lock
from uuid import UUID

import duckdb

from warehouse.transaction import patiently

BEFORE = "_before"  # of the tables that keep what a load changes
FEW = 3  # remembered pages of a host up to which a line on only one of them says something, too
TELLING = "(remembered.pages > 1 OR hosts.pages <= ?)"  # of a line: the rest is most of the table, and says nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class HostLines:
    """The remembered pages of one host, and on how many of them each line (its hash) stands."""

    pages: int
    counts: dict[UUID, int] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class Memory:
    """What is remembered of hosts, for one thread to ask while another one loads.

    What a load changes is kept here as it was before, so that an answer does not depend on who is faster.
    """

    connection: duckdb.DuckDBPyConnection  # of nobody else
    _run: UUID | None = None
    _hosts: frozenset[str] = frozenset()
    _lock: Lock = field(default_factory=Lock)

    def lines(self, hosts: Iterable[str], *, without: UUID | None) -> dict[str, HostLines]:
        """As `host_lines`, but without what this run adds or has added, the last one that was begun before."""
        asked = frozenset(hosts)
        with self._lock:
            kept = asked & self._hosts if without == self._run else frozenset()
            found = patiently(lambda: host_lines(self.connection, asked - kept))
            return found | patiently(lambda: host_lines(self.connection, kept, suffix=BEFORE))

    def keep(self, hosts: Iterable[str], *, run: UUID) -> None:
        """To be called before the run is loaded, with the hosts of its pages: what is remembered of them by now."""
        with self._lock:
            self._run, self._hosts = run, frozenset(hosts)
            self.connection.execute(
                f"CREATE OR REPLACE TEMP TABLE hosts{BEFORE} AS FROM hosts WHERE host IN (SELECT unnest(?))",
                [sorted(self._hosts)],
            )
            self.connection.execute(
                f"""
                CREATE OR REPLACE TEMP TABLE host_lines{BEFORE} AS
                SELECT remembered.* FROM host_lines AS remembered JOIN hosts{BEFORE} AS hosts USING (host) WHERE {TELLING}
                """,
                [FEW],
            )


def host_lines(
    connection: duckdb.DuckDBPyConnection, hosts: Iterable[str], *, suffix: str = ""
) -> dict[str, HostLines]:
    """What is remembered of each of the hosts; lines that a well-known host has once are left out. `suffix` is that of the
    tables that tell it.
    """
    asked = sorted(set(hosts))
    if not asked:
        return {}
    known = connection.execute(
        f"SELECT host, pages FROM hosts{suffix} WHERE host IN (SELECT unnest(?))", [asked]
    ).fetchall()
    found = {host: HostLines(pages=pages) for host, pages in known}
    lines = connection.execute(
        f"""
        SELECT host, text_hash::VARCHAR AS text_hash, remembered.pages
        FROM host_lines{suffix} AS remembered JOIN hosts{suffix} AS hosts USING (host)
        WHERE host IN (SELECT unnest(?)) AND {TELLING}
        """,
        [list(found), FEW],
    ).to_arrow_table()  # as rows with UUIDs they would take twice as long
    columns = (lines[name].to_pylist() for name in ("host", "text_hash", "pages"))
    for host, text_hash, pages in zip(*columns, strict=True):
        found[host].counts[UUID(text_hash)] = pages
    return found
