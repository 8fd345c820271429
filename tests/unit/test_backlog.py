"""What waits and what of it makes a batch, on a clock and a disk that are arguments."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import pytest

from flows.watch.backlog import LONGEST_PAUSE, MOST_WAITING, UNSURE, Backlog, Look, Pace, Ready, Writing

PACE = Pace(batch_pages=3, batch_bytes=1_000, batch_seconds=1.0, settle_seconds=0.5, attempts=3)


@dataclass(slots=True)
class Disk:
    """Files as they look, and what the system says of their writers."""

    files: dict[str, Look] = field(default_factory=dict)
    writers: dict[str, Writing] = field(default_factory=dict)
    closed: set[str] = field(default_factory=set)

    def has(self, path: str, size: int = 10) -> None:
        self.files[path] = Look(inode=len(self.files), size=size, modified_ns=0, changed_ns=0)

    def writing(self, path: str) -> Writing:
        if path in self.closed:
            raise PermissionError(13, "Permission denied")
        return self.writers.get(path, "no")


@pytest.fixture
def disk() -> Disk:
    return Disk()


@pytest.fixture
def backlog() -> Backlog:
    return Backlog(pace=PACE)


def due(backlog: Backlog, disk: Disk, now: float) -> list[str]:
    return [ready.path for ready in batch_of(backlog, disk, now)]


def batch_of(backlog: Backlog, disk: Disk, now: float) -> tuple[Ready, ...]:
    return backlog.due(now=now, look_at=disk.files.get, writing=disk.writing)


def noticed(backlog: Backlog, disk: Disk, *paths: str, size: int = 10) -> None:
    """Files there from 0.0 on, and looked at then."""
    for path in paths:
        disk.has(path, size)
        backlog.notice(path, now=0.0)
    assert due(backlog, disk, 0.0) == []


def test_single_file_goes_when_it_has_waited_for_company(backlog: Backlog, disk: Disk) -> None:
    noticed(backlog, disk, "a")

    assert due(backlog, disk, 0.9) == []
    assert due(backlog, disk, 1.0) == ["a"]


def test_full_batch_goes_at_once_in_the_order_of_arrival(backlog: Backlog, disk: Disk) -> None:
    noticed(backlog, disk, "a", "b", "c", "d")

    assert due(backlog, disk, 0.5) == ["a", "b", "c"]


def test_bytes_make_a_batch_and_a_large_file_goes_alone(backlog: Backlog, disk: Disk) -> None:
    noticed(backlog, disk, "a", "b", size=600)
    noticed(backlog, disk, "huge", size=5_000)

    assert due(backlog, disk, 0.5) == ["a"]
    backlog.settled("a")
    assert due(backlog, disk, 0.5) == ["b"]
    backlog.settled("b")
    assert due(backlog, disk, 0.5) == ["huge"]


def test_growing_file_is_waited_for(backlog: Backlog, disk: Disk) -> None:
    noticed(backlog, disk, "a")
    for tenths in range(1, 40):
        disk.files["a"] = replace(disk.files["a"], size=tenths)
        assert due(backlog, disk, tenths / 10) == []

    assert due(backlog, disk, 3.9 + 0.5) == ["a"]


def test_file_that_somebody_writes_is_waited_for_however_long_it_stays_the_same(backlog: Backlog, disk: Disk) -> None:
    noticed(backlog, disk, "a")
    disk.writers["a"] = "yes"
    assert due(backlog, disk, 1_000.0) == []

    disk.writers["a"] = "no"
    assert due(backlog, disk, 1_000.0) == ["a"]


def test_where_writers_are_unknown_a_file_must_be_quiet_for_longer(backlog: Backlog, disk: Disk) -> None:
    noticed(backlog, disk, "a")
    disk.writers["a"] = "unknown"

    assert due(backlog, disk, UNSURE * 0.5 - 0.1) == []
    assert due(backlog, disk, UNSURE * 0.5) == ["a"]


def test_file_that_is_gone_is_forgotten(backlog: Backlog, disk: Disk) -> None:
    noticed(backlog, disk, "a")
    del disk.files["a"]

    assert due(backlog, disk, 1.0) == []
    assert len(backlog) == 0


def test_memory_is_bounded_and_what_is_missed_is_known(backlog: Backlog) -> None:
    overflowed = []
    for number in range(MOST_WAITING + 1):
        backlog.notice(str(number), now=0.0)
        overflowed.append(backlog.overflowed)

    assert overflowed == [*[False] * MOST_WAITING, True]
    assert len(backlog) == MOST_WAITING


def test_failing_file_is_tried_with_doubling_pauses_and_then_given_up(backlog: Backlog, disk: Disk) -> None:
    noticed(backlog, disk, "a")
    for now, next_try in ((1.0, 2.0), (2.0, 4.0)):
        backlog.failed(batch_of(backlog, disk, now), "it is broken", now=now)
        assert due(backlog, disk, next_try - 0.1) == []
        assert not list(backlog.given_up())
        assert due(backlog, disk, next_try) == ["a"]

    backlog.failed(batch_of(backlog, disk, 4.0), "it is broken", now=4.0)
    assert list(backlog.given_up()) == [("a", "it is broken")]
    assert due(backlog, disk, 1_000.0) == []


def test_pauses_do_not_grow_for_ever(disk: Disk) -> None:
    backlog = Backlog(pace=replace(PACE, attempts=100))
    noticed(backlog, disk, "a")
    now = 1.0
    for _ in range(50):
        backlog.failed(batch_of(backlog, disk, now), "no", now=now)
        now += LONGEST_PAUSE
        assert due(backlog, disk, now) == ["a"]


def test_final_failure_is_not_tried_again(backlog: Backlog, disk: Disk) -> None:
    noticed(backlog, disk, "a")
    backlog.failed(batch_of(backlog, disk, 1.0), "too large", now=1.0, final=True)

    assert list(backlog.given_up()) == [("a", "too large")]


def test_file_that_cannot_be_opened_fails_alone(backlog: Backlog, disk: Disk) -> None:
    noticed(backlog, disk, "a", "b")
    disk.closed.add("a")

    assert due(backlog, disk, 1.0) == ["b"]
    backlog.settled("b")
    for now in (2.0, 4.0):
        due(backlog, disk, now)
    assert list(backlog.given_up()) == [("a", "cannot be read: Permission denied")]


@pytest.mark.parametrize("poisons", [{"f7"}, {"f0", "f99"}, {f"f{number}" for number in range(0, 100, 10)}])
def test_only_poison_is_given_up_and_in_few_batches(disk: Disk, poisons: set[str]) -> None:
    backlog = Backlog(pace=replace(PACE, batch_pages=100, batch_bytes=10**9))
    noticed(backlog, disk, *(f"f{number}" for number in range(100)))
    dealt_with: list[str] = []
    batches = 0
    for now in times():
        batch = batch_of(backlog, disk, now)
        batches += bool(batch)
        if poisons & {ready.path for ready in batch}:
            backlog.failed(batch, "poison", now=now)
        else:
            for ready in batch:
                dealt_with.append(ready.path)
                backlog.settled(ready.path)
        if len(backlog) == len(list(backlog.given_up())):
            break

    assert {path for path, _ in backlog.given_up()} == poisons
    assert sorted(dealt_with) == sorted(set(disk.files) - poisons)
    assert batches < 25 * len(poisons)


def times() -> Iterator[float]:
    return (1.0 + tick / 10 for tick in range(100_000))
