"""Ingests killed at random moments, and the proof that nothing is lost, nothing doubled, and the file always opens.

A child process brings in one page after another and tells which step it is in; it is killed at a random moment of a
step chosen at random. The children come from a process that has imported everything, or most of the time would go there.
"""

import multiprocessing
import os
import random
import signal
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from time import sleep
from typing import Any

import duckdb
from warcio.archiveiterator import ArchiveIterator

from flows.order import DIRECT, Order
from flows.run import ingested
from flows.steps import Steps
from tests.pages import written_page
from warehouse.captures import PATTERN, Captures
from warehouse.query import answer
from warehouse.warc import captured

STEPS = ("capture", "extract", "check", "load", "publish", "report", "next")
LONGEST = 0.15  # seconds from the start of a step to the kill; most steps are shorter, and then a later one is hit
PATIENCE = 120  # seconds for a child to come to a step
PRELOADED = ["tests.kills_warm"]


@dataclass(slots=True, kw_only=True)
class Tally:
    """Kills by the step that the child was in, and pages that it had reported as done."""

    kills: Counter[str] = field(default_factory=Counter)
    done: int = 0


def order_in(folder: Path) -> Order:
    return Order(sources=(str(folder / "pages"),), warehouse=folder / "x.duckdb", reports=folder / "reports")


def killed(folder: Path, *, kills: int, seed: int) -> Tally:
    """Kill that many children in turn; after each the published file must open and hold what was reported as done."""
    rng = random.Random(seed)  # noqa: S311 - moments, not secrets
    os.environ["OMP_NUM_THREADS"] = "1"  # a fork after threads is not safe
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(PRELOADED)
    tally = Tally()
    for _ in range(kills):
        ours, theirs = context.Pipe(duplex=False)
        child = context.Process(target=_ingest_for_ever, args=(folder, tally.done, theirs), daemon=True)
        child.start()
        theirs.close()
        step = _wait_for(ours, rng.choice(STEPS), tally)
        sleep(rng.uniform(0, LONGEST))
        assert child.pid
        os.kill(child.pid, signal.SIGKILL)
        child.join(PATIENCE)
        tally.kills[_drained(ours, tally, step)] += 1
        assert_published_is_sound(folder, at_least=tally.done)
    return tally


def assert_nothing_is_lost_or_doubled(folder: Path) -> int:
    """One more run, and then every page is there once, with its article, quotes, ledger row and bytes; how many."""
    ingested(order_in(folder))
    assert ingested(order_in(folder)).report.run.state == "unchanged"
    pages = {str(path): path.read_bytes() for path in sorted((folder / "pages").glob("*.txt"))}
    with duckdb.connect(str(folder / "x.duckdb"), read_only=True) as connection:
        stored = connection.execute("SELECT uri, capture FROM pages").fetchall()
        counted = connection.execute(
            "SELECT (SELECT count(*) FROM articles), (SELECT count(DISTINCT page_id) FROM articles), "
            "(SELECT count(*) FROM quotes), (SELECT count(*) FROM ledger), (SELECT sum(articles_loaded) FROM runs)"
        ).fetchone()
    assert sorted(uri for uri, _ in stored) == sorted(pages)
    assert counted == (len(pages), len(pages), 2 * len(pages), len(pages), len(pages))
    assert len({capture for _, capture in stored}) == len(pages)
    captures = folder / "x.duckdb.captures"
    for uri, capture in stored:
        assert captured(captures, capture) == pages[uri]
    kept = 0
    for path in captures.glob(PATTERN):
        with path.open("rb") as file:
            kept += sum(record.rec_type == "resource" for record in ArchiveIterator(file, check_digests="raise"))
    assert kept == len(pages)
    return len(pages)


def assert_published_is_sound(folder: Path, *, at_least: int) -> None:
    """What people open has all that was reported as done, and only whole pages."""
    path = folder / "x.duckdb"
    if not at_least and not path.exists():
        return
    sql = "SELECT (SELECT count(*) FROM pages) AS pages, (SELECT count(*) FROM quotes) AS quotes"
    (row,) = answer(path, sql).table.to_pylist()
    assert row["pages"] >= at_least
    assert row["quotes"] == 2 * row["pages"]


def _ingest_for_ever(folder: Path, done: int, pipe: Connection) -> None:
    Captures.of_pages = _told(pipe, "capture", Captures.of_pages)  # type: ignore[method-assign] # it is no step of its own
    steps = Steps(
        extract=_told(pipe, "extract", DIRECT.extract),
        check=_told(pipe, "check", DIRECT.check),
        load=_told(pipe, "load", DIRECT.load),
        publish=_told(pipe, "publish", DIRECT.publish),
        report=_told(pipe, "report", DIRECT.report),
    )
    ingested(order_in(folder), steps=steps) if (folder / "pages").is_dir() else None
    while True:
        done += 1
        written_page(folder / "pages", done)
        ingested(order_in(folder), steps=steps)
        pipe.send(("next", done))


def _told(pipe: Connection, step: str, call: Callable[..., Any]) -> Callable[..., Any]:
    def told(*arguments: Any, **options: Any) -> Any:
        pipe.send((step, 0))
        return call(*arguments, **options)

    return told


def _wait_for(pipe: Connection, wanted: str, tally: Tally) -> str:
    while pipe.poll(PATIENCE):
        step, done = pipe.recv()
        tally.done = max(tally.done, done)
        if step == wanted:
            return str(step)
    raise TimeoutError(wanted)


def _drained(pipe: Connection, tally: Tally, step: str) -> str:
    """The step that the child was in when it died."""
    try:
        while pipe.poll():
            step, done = pipe.recv()
            tally.done = max(tally.done, done)
    except EOFError:
        pass
    return step
