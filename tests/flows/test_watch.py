"""The watch on a real folder: what lands is dealt with once, whatever happens meanwhile."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import duckdb
import pytest

from extractors.errors import PullquoteError
from flows.harvest import Harvest, Job, in_process
from flows.order import Order
from flows.settings import Settings
from flows.watch.deal import Deal, Dealt, Embedded, NotNowError
from flows.watch.loop import Watch, watch_of
from tests.landing import landed, page_number

PATIENCE = 120.0  # seconds, for a busy machine
QUICK = Settings(settle_seconds=0.05, batch_seconds=0.05, sweep_seconds=1_000.0, attempts=2)


@dataclass(slots=True)
class Recorder:
    """Deals with files by writing down their names and sizes; `fail` may raise before."""

    inbox: Path
    fail: Callable[[Sequence[str]], None] = lambda _: None
    batches: list[list[str]] = field(default_factory=list)
    sizes: dict[str, int] = field(default_factory=dict)
    given_up: list[tuple[str, str]] = field(default_factory=list)
    late: bool = False
    published: list[int] = field(default_factory=list)

    def __call__(self, paths: Sequence[str], *, given_up: Sequence[tuple[str, str]]) -> Dealt:
        self.fail(paths)
        self.given_up += given_up
        self.sizes |= {self.name(path): Path(path).stat().st_size for path in paths}
        self.batches.append([self.name(path) for path in paths])
        return Dealt(unpublished=self.late)

    def publish(self) -> None:
        self.published.append(len(self.batches))

    def name(self, path: str) -> str:
        return str(Path(path).relative_to(self.inbox))

    @property
    def names(self) -> Counter[str]:
        return Counter(name for batch in self.batches for name in batch)


@contextmanager
def watching(inbox: Path, deal: Deal, *, settings: Settings = QUICK, done: Path | None = None) -> Iterator[Watch]:
    watch = watch_of(inbox, done=done, deal=deal, settings=settings)
    thread = threading.Thread(target=watch.run)
    thread.start()
    try:
        yield watch
    finally:
        watch.stop()
        thread.join(PATIENCE)
    assert not thread.is_alive()


def awaited(what: str, look: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE
    while not look():
        assert time.monotonic() < until, f"no {what}"
        time.sleep(0.02)


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


def test_each_file_is_dealt_with_once_however_it_comes(inbox: Path, tmp_path: Path) -> None:
    recorder = Recorder(inbox)
    landed(inbox, page_number(0))
    for name in (".hidden.html", "half.html.tmp"):
        (inbox / name).write_text("x")
    outside = tmp_path / "moved in"
    (outside / "deeper").mkdir(parents=True)
    landed(outside / "deeper", page_number(1))

    with watching(inbox, recorder):
        awaited("file of the start", lambda: bool(recorder.batches))
        landed(inbox, page_number(2))
        outside.rename(inbox / "folder")
        (inbox / "new" / "folders").mkdir(parents=True)
        landed(inbox / "new" / "folders", page_number(3))
        (inbox / "copied.html").write_text("whole")
        awaited("others", lambda: len(recorder.names) >= 5)
        time.sleep(0.3)  # nothing more comes

    assert recorder.names == Counter(
        {
            "page-000000.html": 1,
            "page-000002.html": 1,
            "folder/deeper/page-000001.html": 1,
            "new/folders/page-000003.html": 1,
            "copied.html": 1,
        }
    )


def test_growing_copy_is_read_whole(inbox: Path) -> None:
    recorder = Recorder(inbox)
    with watching(inbox, recorder):
        with (inbox / "slow.html").open("w") as file:
            for _ in range(8):
                file.write("x" * 1_000)
                file.flush()
                time.sleep(0.1)  # longer than the settling time
        awaited("copy", lambda: bool(recorder.batches))

    assert recorder.sizes == {"slow.html": 8_000}
    assert recorder.names["slow.html"] == 1


def test_changed_file_is_dealt_with_again(inbox: Path) -> None:
    recorder = Recorder(inbox)
    with watching(inbox, recorder):
        (inbox / "a.html").write_text("first")
        awaited("first", lambda: recorder.names["a.html"] == 1)
        (inbox / "a.html").write_text("second edition")
        awaited("second", lambda: recorder.names["a.html"] == 2)

    assert recorder.sizes == {"a.html": len("second edition")}


def test_sweep_finds_what_nobody_told(inbox: Path) -> None:
    recorder = Recorder(inbox)
    with watching(inbox, recorder, settings=replace(QUICK, sweep_seconds=0.3)) as watch:
        awaited("ears", lambda: watch.arrivals._ears is not None)
        assert watch.arrivals._ears
        watch.arrivals._ears.stop()
        time.sleep(1.5)  # they notice it within a second
        landed(inbox, page_number(0))
        awaited("file", lambda: bool(recorder.batches))
        time.sleep(1.0)  # several sweeps more

    assert recorder.names == Counter({"page-000000.html": 1})


def test_thousands_at_once_come_in_bounded_batches(inbox: Path) -> None:
    recorder = Recorder(inbox)
    with watching(inbox, recorder):
        for number in range(12_000):  # more than are kept in memory by name
            (inbox / f"{number}.html").touch()
        awaited("all", lambda: len(recorder.names) == 12_000)

    assert set(recorder.names.values()) == {1}
    assert max(len(batch) for batch in recorder.batches) <= QUICK.batch_pages


def test_trouble_of_the_system_is_waited_for_and_blamed_on_no_file(inbox: Path) -> None:
    troubles = iter(range(2))

    def full_disk(_: Sequence[str]) -> None:
        if next(troubles, None) is not None:
            raise NotNowError("warehouse.unwritable", "the disk is full")

    recorder = Recorder(inbox, fail=full_disk)
    with watching(inbox, recorder, settings=replace(QUICK, attempts=1)):
        landed(inbox, page_number(0))
        awaited("file", lambda: bool(recorder.batches))

    assert recorder.names == Counter({"page-000000.html": 1})
    assert not recorder.given_up


def test_poison_is_given_up_and_the_rest_dealt_with(inbox: Path) -> None:
    def poisoned(paths: Sequence[str]) -> None:
        if any(path.endswith("7.html") for path in paths):
            raise KeyError("poison")

    recorder = Recorder(inbox, fail=poisoned)
    for number in range(10):
        (inbox / f"{number}.html").write_text("x")
    with watching(inbox, recorder):
        awaited("all", lambda: len(recorder.names) == 9 and bool(recorder.given_up))
        time.sleep(0.2)

    assert recorder.given_up == [(str(inbox / "7.html"), "KeyError: 'poison'")]
    assert set(recorder.names.values()) == {1}


def test_rows_that_wait_to_be_published_are_when_it_is_quiet_and_at_the_end(inbox: Path) -> None:
    recorder = Recorder(inbox, late=True)
    with watching(inbox, recorder, settings=replace(QUICK, publish_seconds=0.3)):
        landed(inbox, page_number(0))
        awaited("publication", lambda: recorder.published == [1])
        landed(inbox, page_number(1))
        awaited("second file", lambda: len(recorder.batches) == 2)

    assert recorder.published == [1, 2]


def test_warehouse_that_waiting_does_not_mend_ends_the_watch(inbox: Path) -> None:
    def damaged(_: Sequence[str]) -> None:
        raise PullquoteError("warehouse.corrupt", "it is damaged")

    landed(inbox, page_number(0))
    watch = watch_of(inbox, done=None, deal=Recorder(inbox, fail=damaged), settings=QUICK)

    with pytest.raises(PullquoteError, match="damaged"):
        watch.run()


def test_inbox_that_is_replaced_is_watched_on(inbox: Path, tmp_path: Path) -> None:
    recorder = Recorder(inbox)
    with watching(inbox, recorder, settings=replace(QUICK, sweep_seconds=0.2)):
        landed(inbox, page_number(0))
        awaited("first", lambda: len(recorder.names) == 1)
        inbox.rename(tmp_path / "old")
        time.sleep(0.5)
        inbox.mkdir()
        time.sleep(0.5)
        landed(inbox, page_number(1))
        awaited("second", lambda: len(recorder.names) == 2)


def asked(tmp_path: Path, sql: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(tmp_path / "pages.duckdb"), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def buggy(jobs: Iterable[Job]) -> Iterator[Harvest]:
    for job in jobs:
        if any(b"Number 2" in page.data for page in job.pages):
            raise ZeroDivisionError("a bug")
        yield from in_process([job])


def test_warehouse_has_what_landed_and_the_quarantine_what_was_given_up(inbox: Path, tmp_path: Path) -> None:
    order = Order(sources=(), warehouse=tmp_path / "pages.duckdb", reports=tmp_path / "reports", trigger="watch")
    deal = Embedded(order=order, harvester=buggy)
    done = tmp_path / "done"
    for number in (1, 2):
        landed(inbox, page_number(number))
    with (inbox / "endless.html").open("wb") as endless:
        endless.truncate(30_000_000)
    (inbox / "empty.html").touch()

    with watching(inbox, deal, done=done):
        awaited("warehouse", (tmp_path / "pages.duckdb").exists)
        awaited("refusals", lambda: len(asked(tmp_path, REFUSED)) == 3)
        awaited("article", lambda: asked(tmp_path, "SELECT count(*) FROM articles") == [(1,)])

    titles = asked(tmp_path, "SELECT title FROM articles ORDER BY title")
    assert titles == [(page_number(1).title,)]
    refused = {Path(str(uri)).name: (code, size) for uri, code, size in asked(tmp_path, REFUSED)}
    assert refused == {
        "empty.html": ("format.empty", 0),
        "endless.html": ("watch.given_up", 0),
        "page-000002.html": ("watch.given_up", len(page_number(2).data)),
    }
    assert sorted(path.name for path in done.iterdir()) == ["empty.html", "page-000001.html"]


REFUSED = "SELECT uri, code, octet_length(payload) FROM quarantine WHERE status = 'open'"
