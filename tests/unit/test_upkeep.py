"""Vacuum, retention, export and import: the rows stay the rows."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from warcio.archiveiterator import ArchiveIterator

from extractors.errors import PullquoteError
from extractors.records import Extraction
from tests.unit.extractions import NOW, seedlings
from tests.unit.loading import loaded, rows_of, run_of
from warehouse.captures import INLINE_BYTES
from warehouse.connection import writer
from warehouse.index import TABLES as INDEX
from warehouse.publish import publish
from warehouse.records import Quarantined
from warehouse.upkeep import captures_dropped, exported, imported, vacuumed
from warehouse.warc import captured

LATER = NOW + timedelta(days=100)


def filled(path: Path, extractions: list[Extraction], *, number: int, refused: bytes = b"") -> None:
    """A run with captures, and with one open refusal if there are bytes for it."""
    item = Quarantined(
        item_id=run_of(90).run_id,
        stage="format",
        code="x",
        detail="x",
        uri="large",
        page_id=None,
        payload=refused,
        run_id=run_of(number).run_id,
    )
    with writer(path) as opened:
        captures = opened.captures()
        pages = captures.of_pages([extraction.page for extraction in extractions], now=NOW)
        kept = [replace(e, page=page) for e, page in zip(extractions, pages, strict=True)]
        items = captures.of_items([item] if refused else [], now=NOW)
        loaded(opened.connection, kept, number=number, quarantined=items)
        publish(opened)


def everything(path: Path) -> dict[str, list[Any]]:
    with duckdb.connect(str(path), read_only=True) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        names = connection.execute("SELECT table_name FROM duckdb_tables() WHERE table_name <> 'maintenance'")
        return {name: rows_of(connection, name) for (name,) in names.fetchall() if name not in INDEX}


def pointers(path: Path) -> dict[str, str | None]:
    with duckdb.connect(str(path), read_only=True) as connection:
        return dict(connection.execute("SELECT sha256, capture FROM pages").fetchall())


def notes(path: Path) -> list[str]:
    with duckdb.connect(str(path), read_only=True) as connection:
        return [action for (action,) in connection.execute("SELECT action FROM maintenance").fetchall()]


def test_a_vacuum_keeps_every_row_and_frees_the_rest(tmp_path: Path) -> None:
    path = tmp_path / "x.duckdb"
    filled(path, seedlings(), number=1)
    with writer(path) as opened:  # the last rows stay, so that the file cannot just end earlier
        for action, rows in (("ballast", 1_000_000), ("kept", 100_000)):
            opened.connection.execute(
                f"INSERT INTO maintenance SELECT now(), '{action}', hash(range)::VARCHAR FROM range({rows})"
            )
            opened.connection.execute("FORCE CHECKPOINT")
        opened.connection.execute("DELETE FROM maintenance WHERE action = 'ballast'")
    before = everything(path)

    with writer(path) as opened:
        saved = vacuumed(opened, now=LATER)

    assert saved.after < saved.before / 2
    assert everything(path) == before
    assert sorted(set(notes(path))) == ["kept", "vacuum"]
    with duckdb.connect(str(path), read_only=True) as connection:
        assert connection.execute("SELECT count(*) FROM duckdb_tables() WHERE comment IS NULL").fetchall() == [(0,)]
    filled(path, seedlings(4), number=3)
    assert len(everything(path)["pages"]) == len(before["pages"]) + 1


def test_captures_of_old_pages_go_and_the_others_stay_readable(tmp_path: Path) -> None:
    path, folder = tmp_path / "x.duckdb", tmp_path / "x.duckdb.captures"
    extractions = seedlings(4)
    refused = b"r" * (INLINE_BYTES + 1)
    filled(path, extractions[:2], number=1, refused=refused)
    filled(path, extractions[2:], number=2 * 24 * 60)  # two days later
    bytes_of = {e.page.sha256: e.page.data for e in extractions}

    with writer(path) as opened:
        saved = captures_dropped(opened, folder, before=NOW + timedelta(days=1), now=LATER)

    assert saved.dropped == 2
    assert saved.after < saved.before
    after = pointers(path)
    assert {sha256 for sha256, capture in after.items() if capture is None} == {e.page.sha256 for e in extractions[:2]}
    for sha256, capture in after.items():
        assert capture is None or captured(folder, capture) == bytes_of[sha256]
    with duckdb.connect(str(path), read_only=True) as connection:
        ((capture,),) = connection.execute("SELECT capture FROM quarantine WHERE uri = 'large'").fetchall()
    assert captured(folder, capture) == refused
    (file,) = folder.iterdir()
    with file.open("rb") as stream:
        assert next(record.rec_type for record in ArchiveIterator(stream, check_digests="raise")) == "warcinfo"
    assert notes(path) == ["drop-captures"]

    filled(path, seedlings(6), number=3 * 24 * 60)  # and what comes next is appended, the dropped ones kept anew

    assert None not in pointers(path).values()
    for sha256, capture in pointers(path).items():
        assert capture
        assert captured(folder, capture) == {e.page.sha256: e.page.data for e in seedlings(6)}[sha256]


def test_all_captures_can_be_dropped_and_a_second_time_nothing(tmp_path: Path) -> None:
    path, folder = tmp_path / "x.duckdb", tmp_path / "x.duckdb.captures"
    filled(path, seedlings(), number=1)

    with writer(path) as opened:
        first = captures_dropped(opened, folder, before=LATER, now=LATER)
        second = captures_dropped(opened, folder, before=LATER, now=LATER)

    assert (first.dropped > 0, first.after, second.dropped) == (True, 0, 0)
    assert list(folder.iterdir()) == []


def test_a_death_while_captures_are_dropped_leaves_every_pointer_good(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, folder = tmp_path / "x.duckdb", tmp_path / "x.duckdb.captures"
    extractions = seedlings(4)
    filled(path, extractions[:2], number=1)
    filled(path, extractions[2:], number=2 * 24 * 60)
    bytes_of = {e.page.sha256: e.page.data for e in extractions}
    cutoff = NOW + timedelta(days=1)

    def power_cut(*_: object) -> None:
        raise KeyboardInterrupt

    for moment in ("_point_anew", "publish"):
        with monkeypatch.context() as patched:
            patched.setattr(f"warehouse.upkeep.{moment}", power_cut)
            with pytest.raises(KeyboardInterrupt), writer(path) as opened:
                captures_dropped(opened, folder, before=cutoff, now=LATER)
        for sha256, capture in pointers(path).items():
            assert capture
            assert captured(folder, capture) == bytes_of[sha256]
    with writer(path) as opened:
        captures_dropped(opened, folder, before=cutoff, now=LATER)
    assert sum(capture is None for capture in pointers(path).values()) == 2
    assert len(list(folder.iterdir())) == 1


def test_an_export_comes_back_as_it_was(tmp_path: Path) -> None:
    path, moved = tmp_path / "x.duckdb", tmp_path / "elsewhere.duckdb"
    filled(path, seedlings(), number=1, refused=b"r" * (INLINE_BYTES + 1))

    counts = exported(path, tmp_path / "x.duckdb.captures", tmp_path / "out")
    with writer(moved) as opened:
        back = imported(opened, opened.files.captures, tmp_path / "out", now=LATER)

    assert everything(moved) == everything(path)
    assert counts["quotes"] == back["quotes"] > 0
    assert notes(moved) == ["import"]
    for capture in pointers(moved).values():
        assert capture
        assert captured(tmp_path / "elsewhere.duckdb.captures", capture)
    filled(moved, seedlings(), number=2)
    assert len(everything(moved)["pages"]) == len(everything(path)["pages"])


def test_an_export_of_an_earlier_release_is_migrated(tmp_path: Path) -> None:
    import gzip

    old = min((Path(__file__).parents[1] / "releases").glob("*.duckdb.gz"))
    path = tmp_path / "old.duckdb"
    path.write_bytes(gzip.decompress(old.read_bytes()))
    exported(path, tmp_path / "none", tmp_path / "out")

    with writer(tmp_path / "new.duckdb") as opened:
        imported(opened, opened.files.captures, tmp_path / "out", now=LATER)

    with duckdb.connect(str(tmp_path / "new.duckdb"), read_only=True) as connection:
        assert connection.execute("SELECT count(*), count(capture) FROM pages").fetchall() == [(1, 0)]
        assert connection.execute("SELECT count(*) FROM articles_current").fetchall() == [(1,)]


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "x.duckdb"
    filled(path, seedlings(), number=1)
    exported(path, tmp_path / "x.duckdb.captures", tmp_path / "out")

    with pytest.raises(PullquoteError) as caught:
        exported(path, tmp_path / "x.duckdb.captures", tmp_path / "out")
    assert caught.value.code == "export.exists"
    with pytest.raises(PullquoteError) as caught, writer(path) as opened:
        imported(opened, tmp_path / "c", tmp_path / "out", now=LATER)
    assert caught.value.code == "import.not_empty"
    with pytest.raises(PullquoteError) as caught, writer(tmp_path / "y.duckdb") as opened:
        imported(opened, tmp_path / "c", tmp_path, now=LATER)
    assert caught.value.code == "import.missing"
