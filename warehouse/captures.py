"""Captures: the raw bytes behind the rows, in WARC files beside the warehouse (see warc.py for their form).

A capture is on the disk before the transaction that points at it commits. What a killed run appended is found by the
next one: its whole records are pointed at instead of being written again, its torn end is cut off. The same content is
kept once, whatever its addresses.
"""

import hashlib
import logging
import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from threading import Lock
from uuid import UUID

import duckdb

from extractors.records import Page
from warehouse.files import named_failures, sync_folder
from warehouse.records import Quarantined
from warehouse.warc import Content, Place, head_of_file, record_of, whole_records

logger = logging.getLogger(__name__)

FILE_BYTES = 256_000_000  # a file that has reached this is closed: retention rewrites files whole
INLINE_BYTES = 64_000  # what is refused stays in its row up to here: a table of large values slows every scan
PATTERN = "captures-*.warc.gz"
MEDIA_TYPES = {"html": "text/html", "text": "text/plain"}


@dataclass(slots=True, kw_only=True)
class Captures:
    """The files of one folder, for the one process that holds the writer's lock; any of its threads may ask.

    `mark` is a part of their names, where several folders hold the captures of one warehouse.
    """

    connection: duckdb.DuckDBPyConnection
    folder: Path
    file_bytes: int = FILE_BYTES
    mark: str = ""
    _path: Path | None = None
    _stop: int = 0
    _loose: dict[str, Place] = field(default_factory=dict)
    _looser: dict[str, Place] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def forget(self) -> None:
        """Rows point by now at what was kept up to the last call: of that the warehouse knows."""
        with self._lock:
            self._loose, self._looser = {}, self._loose

    def of_pages(self, pages: Iterable[Page], *, now: datetime) -> tuple[Page, ...]:
        """The pages with `capture` set. Those that lie in somebody's archive have it already, and are left alone unless
        their bytes are kept here, too: archives can go.
        """
        pages = tuple(pages)
        with self._lock:
            return self._of_pages(pages, now)

    def _of_pages(self, pages: Sequence[Page], now: datetime) -> tuple[Page, ...]:
        contents = [_content_of_page(page, now) for page in pages if page.capture is None]
        places = self._stored(page.sha256 for page in pages if page.capture and "/" in page.capture)
        places |= self._kept(contents)
        return tuple(replace(page, capture=places.get(page.sha256, page.capture)) for page in pages)

    def of_items(self, items: Iterable[Quarantined], *, now: datetime) -> tuple[Quarantined, ...]:
        """The items, with a pointer in place of bytes that are too many for a row."""
        items = tuple(items)
        with self._lock:
            return self._of_items(items, now)

    def _of_items(self, items: Sequence[Quarantined], now: datetime) -> tuple[Quarantined, ...]:
        large = {i.item_id: _content_of_item(i, now) for i in items if len(i.payload) > INLINE_BYTES}
        places = self._of_stored_items(large)
        new = {item_id: content for item_id, content in large.items() if item_id not in places}
        by_hash = self._kept(list(new.values()))
        places |= {item_id: by_hash[content.sha256] for item_id, content in new.items()}
        return tuple(replace(i, payload=b"", capture=places[i.item_id]) if i.item_id in places else i for i in items)

    def _kept(self, contents: Sequence[Content]) -> dict[str, str]:
        """Pointers by SHA-256; what is not there yet is on the disk when this returns."""
        if not contents:
            return {}
        places = self._stored(content.sha256 for content in contents)
        missing = {content.sha256: content for content in contents if content.sha256 not in places}
        if missing:
            places |= {sha256: str(place) for sha256, place in self._appended(missing).items()}
        return places

    def _of_stored_items(self, item_ids: Iterable[UUID]) -> dict[UUID, str]:
        rows = self.connection.execute(
            "SELECT item_id, capture FROM quarantine WHERE capture IS NOT NULL AND item_id IN (SELECT unnest(?))",
            [list(item_ids)],
        ).fetchall()
        return dict(rows)

    def _stored(self, hashes: Iterable[str]) -> dict[str, str]:
        rows = self.connection.execute(
            "SELECT sha256, any_value(capture) FROM pages "
            "WHERE capture IS NOT NULL AND NOT contains(capture, '/') AND sha256 IN (SELECT unnest(?)) GROUP BY sha256",
            [list(hashes)],
        ).fetchall()
        return dict(rows)

    def _appended(self, contents: dict[str, Content]) -> dict[str, Place]:
        places: dict[str, Place] = {}
        for sha256, content in contents.items():
            path = self._file_to_append(content.seen)
            place = self._loose.get(sha256) or self._looser.get(sha256)  # this run, or one that died, has written it
            places[sha256] = self._loose[sha256] = place or self._written(path, record_of(content))
        self._sync()
        return places

    def _file_to_append(self, now: datetime) -> Path:
        if self._path is None:
            self._path = self._last_file()
        if self._path is None or self._stop >= self.file_bytes:
            self._sync()
            self._path = self._new_file(now)
        return self._path

    def _last_file(self) -> Path | None:
        """The newest file, ready to be appended to; None if there is none that can be."""
        path = max(self.folder.glob(PATTERN), default=None)
        if path is None:
            return None
        known = self._stop_of_stored(path.name)
        with named_failures(path), path.open("rb+") as file:
            if path.stat().st_size < known:
                logger.warning("%s is shorter than it was: captures are missing from it", path)
                return None
            self._stop = known
            for place, sha256 in whole_records(file, name=path.name, start=known):
                self._stop = place.stop
                if sha256:
                    self._loose[sha256] = place
            file.truncate(self._stop)
        return path

    def _stop_of_stored(self, name: str) -> int:
        """How far into a file rows point."""
        row = self.connection.execute(
            "SELECT max(string_split(capture, ':')[-2]::BIGINT + string_split(capture, ':')[-1]::BIGINT) "
            "FROM (SELECT capture FROM pages UNION ALL SELECT capture FROM quarantine) WHERE starts_with(capture, ?)",
            [f"{name}:"],
        ).fetchone()
        return int(row[0] or 0) if row else 0

    def _new_file(self, now: datetime) -> Path:
        with named_failures(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
            sync_folder(self.folder.parent)
        path = next_file(self.folder, mark=self.mark)
        self._stop = 0
        self._written(path, head_of_file(path.name, now))
        sync_folder(self.folder)
        return path

    def _written(self, path: Path, data: bytes) -> Place:
        place = Place(file=path.name, start=self._stop, length=len(data))
        with named_failures(path), path.open("ab") as file:
            try:
                file.write(data)
                file.flush()
            except OSError:  # a full disk: the half of a record goes again, if it can
                with suppress(OSError):
                    os.truncate(path, place.start)
                raise
        self._stop = place.stop
        return place

    def _sync(self) -> None:
        if self._path is not None:
            with named_failures(self._path), self._path.open("rb+") as file:
                os.fsync(file.fileno())


def next_file(folder: Path, *, mark: str = "") -> Path:
    """The path of the file after the newest one, named like it; `mark` is for the first one."""
    newest = max(folder.glob(PATTERN), default=None)
    if newest is None:
        return folder / f"captures-{mark}{1:06}.warc.gz"
    start, _, number = newest.name.partition(".")[0].rpartition("-")
    return folder / f"{start}-{int(number) + 1:06}.warc.gz"


def _content_of_page(page: Page, now: datetime) -> Content:
    return Content(
        record_id=page.page_id,
        data=page.data,
        sha256=page.sha256,
        address=page.url or page.uri,
        media_type=MEDIA_TYPES[page.format],
        seen=page.fetched_at or now,
    )


def _content_of_item(item: Quarantined, now: datetime) -> Content:
    return Content(
        record_id=item.item_id,
        data=item.payload,
        sha256=hashlib.sha256(item.payload).hexdigest(),
        address=item.uri,
        media_type="application/json" if item.stage == "check" else "application/octet-stream",
        seen=now,
    )
