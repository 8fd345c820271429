"""`make bench-warehouse SIZES=10000,100000,1000000`: what loading, indexing, publishing, asking and searching cost.

A size is a number of quotes, with a tenth as many articles. Each size runs in a process of its own, for the peak of its
memory. Seconds are those of the processors, which other programs do not disturb; the wall clock stands beside them where
a disk is waited for.
"""

import json
import multiprocessing
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from extractors.errors import PullquoteError
from flows.judge import JUDGE
from tests.benchmarks.generated import QUOTES_PER_ARTICLE, Tables, batches
from warehouse import load as load_module
from warehouse import publish as publish_module
from warehouse.connection import Writer, writer
from warehouse.load import known, load
from warehouse.publish import publish
from warehouse.query import answer, saved_questions
from warehouse.records import Funnel, Run, Seen, Written
from warehouse.sandbox import Limits
from warehouse.search import Wish, found

BATCH = 1000  # articles in a transaction
SMALL = 20  # articles of a batch as `watch` brings them
NOW = datetime(2026, 1, 2, tzinfo=UTC)
PATIENT = Limits(seconds=600, memory="4GB")

SEARCHES = (
    Wish(words="love"),
    Wish(words="the"),
    Wish(words="love you"),
    Wish(words='"I love you"'),
    Wish(words="past story", since=NOW.date().replace(year=2020)),
    Wish(words="her", site="The"),
    Wish(words="what is it like to be alive"),
    Wish(words="love", where="articles"),
    Wish(words="the operating system", where="articles"),
    Wish(words='"of the"', where="articles"),
)


@dataclass(slots=True)
class Figures:
    """Seconds of the processors, and of the clock in `wall`, by what was done; megabytes and counts beside them."""

    cpu: dict[str, float] = field(default_factory=dict)
    wall: dict[str, float] = field(default_factory=dict)
    other: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def timed(self, what: str) -> Iterator[None]:
        cpu, wall = time.process_time(), time.monotonic()
        try:
            yield
        finally:
            self.cpu[what] = self.cpu.get(what, 0.0) + time.process_time() - cpu
            self.wall[what] = self.wall.get(what, 0.0) + time.monotonic() - wall
            if what.startswith(("publish", "query", "search", "small", "known")):
                print(f"  {what}: {self.wall[what]:.2f} s", file=sys.stderr, flush=True)

    def watched(self, what: str, call: Callable[..., object]) -> Callable[..., object]:
        def timed_call(*args: object, **kwargs: object) -> object:
            with self.timed(what):
                return call(*args, **kwargs)

        return timed_call


def measured(quotes: int) -> Figures:
    """All figures of one size, in a warehouse that is thrown away."""
    figures = Figures()
    load_module.settled = figures.watched("settle", load_module.settled)  # type: ignore[assignment,attr-defined]
    publish_module.indexed = figures.watched("index", publish_module.indexed)  # type: ignore[assignment,attr-defined]
    articles = quotes // QUOTES_PER_ARTICLE
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bench.duckdb"
        with writer(path) as opened:
            _load_all(opened, figures, articles)
            figures.other["MB written"] = opened.files.private.stat().st_size / 1e6
        figures.other["MB published"] = path.stat().st_size / 1e6
        with writer(path) as opened:
            _again(opened, figures, articles)
            _one_more(opened, figures)
        _asked(path, figures)
    figures.other["MB of memory"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    return figures


def _load_all(opened: Writer, figures: Figures, articles: int) -> None:
    for number, tables in enumerate(batches(articles, batch=BATCH)):
        with figures.timed("load"):
            load_of(opened, tables, number=number)
        print(f"  {(number + 1) * BATCH:,} articles, load {figures.cpu['load']:.0f} s", file=sys.stderr, flush=True)
    with figures.timed("publish"):
        publish(opened)


def _again(opened: Writer, figures: Figures, articles: int) -> None:
    """The same inputs, which the ledger knows, and the same rows, which the merge finds equal."""
    for number, tables in enumerate(batches(articles, batch=BATCH)):
        seen = _ledger(tables, number)
        with figures.timed("known again"):
            dealt_with = known(opened.connection, [(entry.uri, entry.sha256) for entry in seen])
        if len(dealt_with) != len(seen):
            raise AssertionError("the ledger forgot an input")
        if number < 10:  # enough to tell the cost of a batch
            with figures.timed("load again"):
                written = load_of(opened, tables, number=number)
            if any(table.inserted + table.updated + table.deleted for table in written if table.table_name == "quotes"):
                raise AssertionError("equal rows were written again")


def _one_more(opened: Writer, figures: Figures) -> None:
    figures.cpu.pop("index", None)
    tables = next(batches(SMALL, batch=SMALL, seed=2))
    with figures.timed("small load"):
        load_of(opened, tables, number=10_000_000)
    with figures.timed("small publish"):
        publish(opened)


def _asked(path: Path, figures: Figures) -> None:
    """Each question and search; one that is refused (time, memory) is told, and its seconds are those until then."""
    for saved in saved_questions():
        with figures.timed(f"query {saved.name}"), _told(saved.name):
            answer(path, saved, limits=PATIENT)
    for wish in SEARCHES:
        with figures.timed(f"search {wish.words} in {wish.where}"), _told(wish.words):
            found(path, wish, limits=PATIENT)


@contextmanager
def _told(name: str) -> Iterator[None]:
    try:
        yield
    except PullquoteError as error:
        print(f"  refused: {name}: {error}", file=sys.stderr, flush=True)


def load_of(opened: Writer, tables: Tables, *, number: int) -> Sequence[Written]:
    outcome = load(
        opened.connection,
        tables=tables,
        quarantined=(),
        checks=(),
        run=Run(
            run_id=UUID(int=number + 2),
            trigger="benchmark",
            started=NOW,
            finished=NOW,
            state="passed",
            funnel=Funnel(),
            extractor_version="1",
            config_hash="0",
        ),
        ledger=_ledger(tables, number),
        judge=JUDGE,
    )
    return outcome.written


def _ledger(tables: Tables, number: int) -> list[Seen]:
    pages = tables["pages"]
    return [
        Seen(uri=uri, sha256=sha256, state="loaded", run_id=UUID(int=number + 2))
        for uri, sha256 in zip(pages["uri"].to_pylist(), pages["sha256"].to_pylist(), strict=True)
    ]


def main() -> None:
    """Print the table of all sizes as Markdown, and the same as JSON on stderr."""
    sizes = [int(size) for size in (sys.argv[1] if len(sys.argv) > 1 else "10000,100000").split(",")]
    context = multiprocessing.get_context("spawn")
    columns: dict[int, Figures] = {}
    for size in sizes:
        with context.Pool(1) as pool:
            columns[size] = pool.apply(measured, (size,))
        figures = columns[size]
        print(json.dumps([size, figures.cpu, figures.wall, figures.other]), file=sys.stderr, flush=True)
    print("| | " + " | ".join(f"{size:,}" for size in sizes) + " |")
    print("|---" * (len(sizes) + 1) + "|")
    for name in columns[sizes[-1]].cpu:
        cells = (f"{f.cpu.get(name, 0):.2f} ({f.wall.get(name, 0):.2f})" for f in columns.values())
        print(f"| {name}, s | " + " | ".join(cells) + " |")
    for name in columns[sizes[-1]].other:
        print(f"| {name} | " + " | ".join(f"{f.other[name]:,.0f}" for f in columns.values()) + " |")


if __name__ == "__main__":
    main()
