"""Several processes at once, and a disk that is full: nobody is in anybody's way, and nothing is lost."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from extractors.errors import PullquoteError
from flows.run import ingested
from tests.kills import assert_nothing_is_lost_or_doubled, order_in
from tests.pages import written_page
from tests.readers import polled

ROOT = Path(__file__).parents[2]
DISK = 40_000_000  # bytes; the files of an empty warehouse take ten million


def test_readers_and_ingests_do_not_disturb_each_other(tmp_path: Path) -> None:
    looks, _, _ = polled(tmp_path, readers=3, ingests=5)

    assert looks >= 15
    assert_nothing_is_lost_or_doubled(tmp_path)


def test_two_ingests_at_the_same_moment_do_the_work_once(tmp_path: Path) -> None:
    for number in range(3):
        written_page(tmp_path / "pages", number)
    order = order_in(tmp_path)
    command = [sys.executable, "-m", "flows", "ingest", "--direct", str(tmp_path / "pages")]
    files = ["--warehouse", str(order.warehouse), "--reports", str(order.reports)]

    both = [
        subprocess.Popen([*command, *files], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    told = [process.communicate(timeout=150) for process in both]

    assert [process.returncode for process in both] == [0, 0], told
    assert sorted("No change" in out for out, _ in told) == [False, True]
    assert any("waiting for process" in err for _, err in told)
    assert_nothing_is_lost_or_doubled(tmp_path)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small disk of its own."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = shutil.which("mount")
    made = mount and subprocess.run(
        [mount, "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if not made or made.returncode:
        pytest.skip("NOT TESTED: a full disk; that needs the right to mount one")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.mark.parametrize("room", [0, 4096, 300_000, 3_000_000])
def test_a_full_disk_is_one_error_and_nothing_is_lost(disk: Path, room: int) -> None:
    """With no room the capture fails, with little the transaction, with more the publication."""
    for number in range(2):
        written_page(disk / "pages", number)
    ingested(order_in(disk))
    before = (disk / "x.duckdb").read_bytes()
    for number in range(2, 5):
        written_page(disk / "pages", number)
    status = os.statvfs(disk)
    filler = disk / "filler"
    with filler.open("wb") as file:
        file.write(bytes(max(0, status.f_bavail * status.f_frsize - room)))

    with pytest.raises(PullquoteError) as caught:
        ingested(order_in(disk))

    assert caught.value.code in {"warehouse.unwritable", "report.unwritable"}
    assert "\n" not in caught.value.detail
    assert (disk / "x.duckdb").read_bytes() == before
    with duckdb.connect(str(disk / "x.duckdb"), read_only=True) as connection:
        assert connection.execute("SELECT count(*) FROM pages").fetchall() == [(2,)]
    filler.unlink()
    assert assert_nothing_is_lost_or_doubled(disk) == 5
