"""One writer, many readers, and death at any moment: nobody sees half a warehouse, and nothing is lost."""

import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest

from extractors.errors import PullquoteError
from tests.unit.extractions import seedlings
from tests.unit.loading import contents_of, ingested, loaded
from warehouse.connection import writer
from warehouse.publish import publish
from warehouse.query import answer

ROOT = Path(__file__).parents[2]
COUNT = "SELECT count(*) AS n FROM articles"


@contextmanager
def _python(code: str, *arguments: object) -> Iterator["subprocess.Popen[str]"]:
    """A process of its own that runs the code, ended at the latest when the test is through with it."""
    command = [sys.executable, "-c", code, *(str(argument) for argument in arguments)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def _line_of(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def _articles_in(path: Path) -> int:
    return int(answer(path, COUNT).table["n"][0].as_py())


READER = """
import sys, time
from pathlib import Path
from warehouse.query import answer
path, counts = Path(sys.argv[1]), []
print("ready", flush=True)
while not Path(sys.argv[2]).exists():
    sql = "SELECT count(*) AS n, (SELECT count(*) FROM quotes) AS quotes FROM articles"
    row = answer(path, sql).table.to_pylist()[0]
    assert row["quotes"] == 2 * row["n"], row
    counts.append(row["n"])
assert counts == sorted(counts), counts
print(len(counts), len(set(counts)), flush=True)
"""

HOLDER = """
import sys
from pathlib import Path
from warehouse.connection import writer
with writer(Path(sys.argv[1])):
    print("open", flush=True)
    sys.stdin.readline()
"""

DIES = """
import os, signal, sys
from pathlib import Path
from tests.unit.extractions import seedlings
from tests.unit.loading import loaded
from warehouse import publish as module
from warehouse.connection import writer
moment = sys.argv[2]
def die(*_arguments, **_options):
    os.kill(os.getpid(), signal.SIGKILL)
with writer(Path(sys.argv[1])) as opened:
    loaded(opened.connection, seedlings(3), number=2)
    if moment == "commit":
        die()
    setattr(module, moment, die)
    module.publish(opened)
"""


def test_a_reader_never_fails_while_ten_loads_are_published(tmp_path: Path) -> None:
    path, stop = tmp_path / "x.duckdb", tmp_path / "stop"
    ingested(path, seedlings(1))
    with _python(READER, path, stop) as reader:
        assert _line_of(reader) == "ready"
        for number in range(2, 12):
            ingested(path, seedlings(number), number=number)
        stop.touch()
        polls, different = (int(count) for count in _line_of(reader).split())
        assert reader.wait(10) == 0
    assert polls >= 10
    assert different >= 3


def test_an_open_reader_keeps_its_view_and_blocks_nobody(tmp_path: Path) -> None:
    path = tmp_path / "x.duckdb"
    ingested(path, seedlings(1))
    with duckdb.connect(str(path), read_only=True) as reader:
        ingested(path, seedlings(2), number=2)
        assert reader.execute(COUNT).fetchall() == [(1,)]
    assert _articles_in(path) == 2


@pytest.mark.parametrize("moment", ["commit", "_copy", "sync_folder", "write_marker"])
def test_after_a_kill_the_next_run_publishes(tmp_path: Path, moment: str) -> None:
    path = tmp_path / "x.duckdb"
    ingested(path, seedlings(1))
    with _python(DIES, path, moment) as process:
        assert process.wait(60) == -signal.SIGKILL
    assert _articles_in(path) == (1 if moment in {"commit", "_copy"} else 3)
    with writer(path) as opened:  # a run in which nothing is new
        assert publish(opened) is (moment in {"commit", "_copy"})
        assert publish(opened) is False
    assert _articles_in(path) == 3
    assert sorted(file.name for file in tmp_path.iterdir()) == [
        ".x.duckdb.lock",
        ".x.duckdb.marker",
        ".x.duckdb.private",
        "x.duckdb",
    ]


def test_a_kill_before_the_first_publish_loses_nothing(tmp_path: Path) -> None:
    path = tmp_path / "x.duckdb"
    with _python(DIES, path, "commit") as process:
        assert process.wait(60) == -signal.SIGKILL
    assert not path.exists()
    with writer(path) as opened:
        assert publish(opened) is True
    assert _articles_in(path) == 3


def test_a_second_writer_waits_and_then_gives_up(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "x.duckdb"
    with _python(HOLDER, path) as holder:
        assert _line_of(holder) == "open"
        start = time.monotonic()
        with (
            caplog.at_level(logging.WARNING),
            pytest.raises(PullquoteError, match=f"process {holder.pid} is still writing") as caught,
            writer(path, deadline=0.5),
        ):
            pass
        assert caught.value.code == "warehouse.busy"
        assert 0.4 < time.monotonic() - start < 10
        assert [record.message for record in caplog.records] == [
            f"waiting for process {holder.pid}, which is writing {path}"
        ]


def test_a_second_writer_gets_its_turn(tmp_path: Path) -> None:
    path = tmp_path / "x.duckdb"
    with _python(HOLDER, path) as holder:
        assert _line_of(holder) == "open"
        assert holder.stdin is not None
        with _python(HOLDER, path) as second:
            time.sleep(0.5)
            print(file=holder.stdin, flush=True)
            assert holder.wait(30) == 0
            assert _line_of(second) == "open"


def test_a_run_with_nothing_new_writes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "x.duckdb"
    ingested(path, seedlings())
    before = {
        file.name: (file.stat().st_ino, file.stat().st_mtime_ns)
        for file in tmp_path.iterdir()
        if "lock" not in file.name
    }
    with writer(path) as opened:
        assert publish(opened) is False
    after = {
        file.name: (file.stat().st_ino, file.stat().st_mtime_ns)
        for file in tmp_path.iterdir()
        if "lock" not in file.name
    }
    assert after == before


@pytest.mark.parametrize("damage", ["garbage", "empty", "header", "cut"])
def test_a_damaged_file_is_named_and_left_alone(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "x.duckdb"
    ingested(path, seedlings())
    whole = path.read_bytes()
    damaged = {
        "garbage": b"this is no database " * 1000,
        "empty": b"",
        "header": whole[:4096] + os.urandom(8192) + whole[12288:],
        "cut": whole[: len(whole) // 3],
    }[damage]
    path.write_bytes(damaged)
    with pytest.raises(PullquoteError) as caught, writer(path):
        pass
    assert caught.value.code == "warehouse.corrupt"
    assert str(path) in caught.value.detail
    assert "\n" not in caught.value.detail
    assert path.read_bytes() == damaged


def test_a_damaged_file_without_a_private_one_is_left_alone_too(tmp_path: Path) -> None:
    path = tmp_path / "x.duckdb"
    path.write_bytes(b"this is no database " * 1000)
    with pytest.raises(PullquoteError, match="damaged"), writer(path):
        pass
    assert path.read_bytes() == b"this is no database " * 1000
    assert [file.name for file in tmp_path.iterdir() if "private" in file.name] == []


def test_a_path_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    for path in (tmp_path, tmp_path / "file" / "x.duckdb", tmp_path / "none" / "x.duckdb", Path("/proc/x.duckdb")):
        with pytest.raises(PullquoteError, match=str(path)) as caught, writer(path):
            pass
        assert caught.value.code == "warehouse.unwritable"
        assert "\n" not in caught.value.detail
    assert [file.name for file in tmp_path.iterdir()] == ["file"]


def test_somebody_elses_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "x.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE accounts (name VARCHAR)")
    before = path.read_bytes()
    with pytest.raises(PullquoteError) as caught, writer(path):
        pass
    assert caught.value.code == "warehouse.foreign"
    assert path.read_bytes() == before


def test_a_warehouse_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "x.duckdb"
    ingested(path, seedlings())
    with writer(path) as opened:
        opened.connection.execute("INSERT INTO schema_files VALUES ('migrations/9999_later.sql', '0')")
    with pytest.raises(PullquoteError, match="9999_later") as caught, writer(path):
        pass
    assert caught.value.code == "warehouse.newer"


def test_a_published_file_that_was_replaced_is_gone_on_from(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "x.duckdb"
    ingested(path, seedlings(1))
    backup = path.read_bytes()
    ingested(path, seedlings(3), number=2)
    path.write_bytes(backup)
    ingested(path, seedlings(2), number=3)
    assert _articles_in(path) == 2
    assert "was replaced" in caplog.text
    with duckdb.connect(str(tmp_path / ".x.duckdb.previous"), read_only=True) as previous:
        assert previous.execute(COUNT).fetchall() == [(3,)]


def test_a_copy_of_the_published_file_is_the_same_warehouse(tmp_path: Path) -> None:
    path = tmp_path / "x.duckdb"
    ingested(path, seedlings(2))
    data = path.read_bytes()
    path.unlink()
    path.write_bytes(data)
    with writer(path) as opened:
        assert publish(opened) is False
    assert not (tmp_path / ".x.duckdb.previous").exists()


def test_a_published_file_that_was_removed_starts_anew(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "x.duckdb"
    ingested(path, seedlings(3))
    path.unlink()
    ingested(path, seedlings(1), number=2)
    assert _articles_in(path) == 1
    assert "is gone" in caplog.text
    with duckdb.connect(str(tmp_path / ".x.duckdb.previous"), read_only=True) as previous:
        assert previous.execute(COUNT).fetchall() == [(3,)]


def test_only_the_published_file_is_needed_to_go_on(tmp_path: Path) -> None:
    path, moved = tmp_path / "x.duckdb", tmp_path / "elsewhere" / "y.duckdb"
    ingested(path, seedlings(2))
    moved.parent.mkdir()
    path.rename(moved)
    written = ingested(moved, seedlings(3), number=2)
    assert written["articles"].inserted == 1
    assert len(contents_of(moved)["articles"]) == 3


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "link.duckdb").symlink_to(tmp_path / "x.duckdb")
    ingested(tmp_path / "link.duckdb", seedlings(1))
    assert (tmp_path / "link.duckdb").is_symlink()
    assert _articles_in(tmp_path / "x.duckdb") == 1


FULL = """
import resource, signal, sys
from pathlib import Path
from extractors.errors import PullquoteError
from tests.unit.extractions import extraction_of
from tests.unit.loading import loaded
from warehouse.connection import writer
from warehouse.publish import publish
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
path, limit = Path(sys.argv[1]), int(sys.argv[2])
import random
letters = random.Random(1)
body = lambda: " ".join(f"{letters.getrandbits(64):x}" for _ in range(20_000))
try:
    with writer(path) as opened:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        loaded(opened.connection, [extraction_of(body(), uri=f"{n}.txt") for n in range(12)], number=2)
        publish(opened)
except PullquoteError as error:
    print(error.code, "\\n" in error.detail)
"""


def test_when_no_more_can_be_written_the_published_file_stays(tmp_path: Path) -> None:
    path = tmp_path / "x.duckdb"
    ingested(path, seedlings(2))
    before = path.read_bytes()
    with _python(FULL, path, len(before) + 100_000) as process:
        assert _line_of(process) == "warehouse.unwritable False"
        assert process.wait(60) == 0
    assert path.read_bytes() == before
    written = ingested(path, seedlings(3), number=3)
    assert written["articles"].inserted == 1
    assert _articles_in(path) in {3, 15}  # all twelve of the failed run if only its publishing failed, or none


def test_a_failure_inside_the_block_is_not_the_warehouses(tmp_path: Path) -> None:
    def load_and_report() -> None:
        with writer(tmp_path / "x.duckdb") as opened:
            loaded(opened.connection, seedlings(1))
            (tmp_path / "none" / "report.html").write_text("x")

    with pytest.raises(FileNotFoundError):
        load_and_report()
    with writer(tmp_path / "x.duckdb") as opened:
        assert publish(opened) is True
    assert _articles_in(tmp_path / "x.duckdb") == 1
