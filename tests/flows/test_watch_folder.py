"""The inbox as a folder: what counts as a page, whether somebody still writes it, and where it goes afterwards."""

import fcntl
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.watch.backlog import Look
from flows.watch.folder import files_below, look_at, moved, writing


@pytest.fixture(autouse=True)
def no_sigio() -> Iterator[None]:
    before = signal.signal(signal.SIGIO, signal.SIG_IGN)
    yield
    signal.signal(signal.SIGIO, before)


def looked(path: Path) -> Look:
    look = look_at(str(path))
    assert look
    return look


def test_pages_are_found_below_and_nothing_hidden_or_half_made(tmp_path: Path) -> None:
    for name in ("a.html", "deep/er/b.txt", ".c.html", "d.html.tmp", ".git/e.html", "done/f.html"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")

    found = files_below(tmp_path, without=tmp_path / "done")

    assert sorted(os.path.relpath(path, tmp_path) for path in found) == ["a.html", "deep/er/b.txt"]


def test_folder_that_is_gone_holds_nothing(tmp_path: Path) -> None:
    assert list(files_below(tmp_path / "none")) == []


def test_only_files_have_a_look(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "dangling").symlink_to("nowhere")

    assert look_at(str(tmp_path)) is None
    assert look_at(str(tmp_path / "pipe")) is None
    assert look_at(str(tmp_path / "dangling")) is None


def has_leases(folder: Path) -> bool:
    probe = folder / "probe"
    probe.touch()
    with probe.open() as file:
        try:
            fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        except OSError:
            return False
    return True


def test_writer_is_noticed(tmp_path: Path) -> None:
    if not has_leases(tmp_path):
        pytest.skip("this file system has no leases: files must be quiet for longer instead")
    page = tmp_path / "a.html"
    with page.open("w") as file:
        file.write("half")
        file.flush()
        assert writing(str(page)) == "yes"

    assert writing(str(page)) == "no"
    with page.open():
        assert writing(str(page)) == "no"


def test_writer_that_comes_later_is_not_held_up(tmp_path: Path) -> None:
    page = tmp_path / "a.html"
    page.write_text("x")
    writing(str(page))

    page.write_text("y")

    assert page.read_text() == "y"


def test_moving_keeps_the_path_and_overwrites_nothing(tmp_path: Path) -> None:
    inbox, done = tmp_path / "inbox", tmp_path / "done"
    for text in ("one", "two", "three"):
        page = inbox / "deep" / "a.html"
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(text)
        assert moved(str(page), looked(page), inbox=inbox, done=done)

    texts = {path.name: path.read_text() for path in (done / "deep").iterdir()}
    assert texts == {"a.html": "one", "a.2.html": "two", "a.3.html": "three"}
    assert list(files_below(inbox)) == []


def test_file_that_changed_is_not_moved(tmp_path: Path) -> None:
    page = tmp_path / "a.html"
    page.write_text("old")
    look = looked(page)
    page.write_text("newer")

    assert moved(str(page), look, inbox=tmp_path, done=tmp_path / "done") is None
    assert page.read_text() == "newer"
