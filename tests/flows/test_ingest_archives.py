"""Archives through the whole ingest: every page in the warehouse, damage in the quarantine, gone on where it ended."""

import io
from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import pytest

from extractors.errors import PullquoteError
from extractors.formats.frames import GZIP
from extractors.formats.members import MAX_BYTES
from extractors.records import Page, Rejected
from flows.extract import member_extractions
from flows.intake import Batch, Known, batches_of
from flows.order import DIRECT, Order, Outcome
from flows.run import ingested
from flows.settings import DEFAULTS, Settings
from flows.sources import Source, file_source
from flows.steps import Steps, load_rows
from flows.watch.deal import Embedded
from tests.archives import MAKERS, Document, documents, plain, warc, zip_of
from tests.pages import PAGE
from warehouse.stored import bytes_of_row


def articles(count: int) -> list[Document]:
    """Pages with an article in each."""
    made = []
    for n, document in enumerate(documents(count)):
        head, *paragraphs = PAGE.format(n=n).split("\n\n")
        body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
        html = f"<!doctype html><html><head><title>{head.splitlines()[0]}</title></head><body><article><h1>{head.splitlines()[0]}</h1>{body}</article></body></html>"
        made.append(Document(name=document.name, url=document.url, html=html))
    return made


def ingest(folder: Path, *sources: Path, settings: Settings = DEFAULTS, steps: Steps = DIRECT) -> Outcome:
    order = Order(
        sources=tuple(str(source) for source in sources),
        warehouse=folder / "pages.duckdb",
        reports=folder / "reports",
        settings=settings,
    )
    return ingested(order, steps=steps)


def asked(folder: Path, sql: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(folder / "pages.duckdb"), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def kept_in(folder: Path) -> set[str]:
    """The files that the captures of all pages are in."""
    return {str(pointer).rsplit(":", 2)[0] for (pointer,) in asked(folder, "SELECT capture FROM pages")}


def bytes_of(folder: Path, page_id: object) -> bytes:
    with duckdb.connect(str(folder / "pages.duckdb"), read_only=True) as connection:
        return bytes_of_row(connection, folder / "pages.duckdb.captures", str(page_id))


def test_the_records_of_an_archive_that_was_named_are_the_captures_of_its_pages(tmp_path: Path) -> None:
    made = articles(3)
    archive = written(tmp_path / "crawl.warc.gz", warc(made))

    ingest(tmp_path, archive)

    assert kept_in(tmp_path) == {str(archive)}
    assert not (tmp_path / "pages.duckdb.captures").exists()
    ids = [page_id for (page_id,) in asked(tmp_path, "SELECT page_id FROM pages")]
    assert {bytes_of(tmp_path, page_id).decode() for page_id in ids} == {document.html for document in made}

    written(archive, warc([replace(document, html=document.html.replace("e", "a")) for document in made]))
    with pytest.raises(PullquoteError, match=r"not those that were kept"):
        bytes_of(tmp_path, ids[0])
    archive.unlink()
    with pytest.raises(PullquoteError, match=r"cannot be read"):
        bytes_of(tmp_path, ids[0])


def test_the_same_page_from_a_file_is_kept_though_an_archive_has_it(tmp_path: Path) -> None:
    (document,) = articles(1)
    ingest(tmp_path, written(tmp_path / "crawl.warc.gz", warc([document])))
    ingest(tmp_path, written(tmp_path / "page.html", document.html.encode()))

    assert kept_in(tmp_path) == {str(tmp_path / "crawl.warc.gz"), "captures-000001.warc.gz"}


def test_a_copy_stays_the_capture_when_an_archive_brings_the_page_again(tmp_path: Path) -> None:
    made = articles(2)
    landed = written(tmp_path / "landed.warc.gz", warc(made))
    ingested(
        Order(
            sources=(str(landed),), warehouse=tmp_path / "pages.duckdb", reports=tmp_path / "reports", trigger="watch"
        )
    )
    ingest(tmp_path, written(tmp_path / "crawl.warc", warc(made, pack=plain)))

    assert kept_in(tmp_path) == {"captures-000001.warc.gz"}


@pytest.mark.parametrize(("trigger", "copied"), [("command", 1), ("watch", 0), ("event", 0)])
def test_archives_that_may_go_are_copied(tmp_path: Path, trigger: str, copied: int) -> None:
    archive = written(tmp_path / "crawl.warc.gz", warc(articles(2)))
    order = Order(
        sources=(str(archive),), warehouse=tmp_path / "pages.duckdb", reports=tmp_path / "reports", trigger=trigger,
        settings=replace(DEFAULTS, copy_archives=copied),
    )  # fmt: skip

    ingested(order)

    assert kept_in(tmp_path) == {"captures-000001.warc.gz"}


def test_an_archive_is_loaded_told_and_known(tmp_path: Path) -> None:
    made = articles(6)
    data = bytearray(warc(made))
    whole = written(tmp_path / "whole.jsonl.gz", MAKERS["pages.jsonl.gz"](made[:2]))
    begin = warc(made[:3])
    data[len(begin) + 25] ^= 0xFF  # the request before the fourth page
    damaged = written(tmp_path / "damaged.warc.gz", bytes(data))

    outcome = ingest(tmp_path, damaged, whole)

    funnel = outcome.report.run.funnel
    assert funnel.balances
    assert (funnel.pages, funnel.duplicates, funnel.refused, funnel.articles_loaded) == (6, 2, 1, 6)
    assert [refusal.code for refusal in outcome.refused] == ["warc.damaged"]
    assert [(item.stage, item.code, item.count) for item in outcome.report.refusals if item.stage == "skip"] == [
        ("skip", "skip.record", 5)
    ]
    ((uri, detail, payload),) = asked(tmp_path, "SELECT uri, detail, payload FROM quarantine")
    assert uri == f"{damaged}#{len(begin)}"
    assert f"bytes {len(begin):,} to" in str(detail)
    assert isinstance(payload, bytes)
    assert payload in bytes(data)
    assert asked(tmp_path, "SELECT state, position FROM ledger") == [("loaded", None)] * 2
    third = begin.rfind(GZIP)
    ((url, fetched_at),) = asked(
        tmp_path, f"SELECT url, fetched_at::VARCHAR FROM pages WHERE ends_with(uri, '#{third}')"
    )
    assert url == "https://example.org/2"
    assert str(fetched_at).startswith("2024-03-04")

    again = ingest(tmp_path, damaged, whole)

    assert again.report.run.state == "unchanged"
    assert again.report.run.funnel.unchanged == 2


def read_up_to(position: int | None) -> Known:
    """A ledger that says so of every input."""
    return lambda pairs: dict.fromkeys(pairs, position)


def pages_in(batches: list[Batch]) -> list[str | None]:
    return [page.url for batch in batches for page in batch.pages]


def test_a_batch_has_so_many_pages_and_says_how_far_it_came(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flows.intake.BATCH_PAGES", 3)
    made = documents(7)
    path = written(tmp_path / "a.warc.gz", warc(made))
    sources = [file_source(path)]

    batches = list(batches_of(sources, known=lambda _: {}))

    assert [len(batch.pages) for batch in batches] == [3, 3, 1]
    positions = [entry.position for batch in batches for entry in batch.inputs]
    assert positions[-1] is None
    assert None not in positions[:-1]
    for done, position in enumerate(positions[:-1], start=1):
        rest = list(batches_of(sources, known=read_up_to(position)))
        assert pages_in(rest) == pages_in(batches[done:])


class Counted(io.BytesIO):
    """A file that counts what is read of it, and cannot be read on after so many bytes."""

    through = 0
    limit = 1 << 40

    def read(self, size: int | None = -1, /) -> bytes:
        part = super().read(min(size or 0, 1_000))
        self.through += len(part)
        if self.through > self.limit:
            raise OSError(5, "Input/output error")
        return part


def test_an_archive_is_not_read_before_its_pages_are_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flows.intake.BATCH_PAGES", 2)
    data = MAKERS["pages.jsonl"](documents(3_000))
    file = Counted(data)

    batches = batches_of([Source(uri="a.jsonl", opened=lambda: file)], known=lambda _: {})
    next(batches)

    assert file.through < len(data) * 1.3  # once through, to know it, and then what the first pages need
    assert sum(len(batch.pages) for batch in batches) == 2_998


def test_a_disk_that_fails_is_no_damage_and_the_next_run_goes_on() -> None:
    data = warc(documents(600))
    file = Counted(data)
    file.limit = len(data) * 19 // 10  # it was read once to be known

    first = list(batches_of([Source(uri="a.warc.gz", opened=lambda: file)], known=lambda _: {}))

    (refusal,) = [refusal for batch in first for refusal in batch.rejected]
    position = [entry.position for batch in first for entry in batch.inputs][-1]
    assert refusal.code == "source.unreadable"
    assert "Input/output error" in refusal.detail
    assert position
    whole = Source(uri="a.warc.gz", opened=lambda: io.BytesIO(data))
    second = list(batches_of([whole], known=read_up_to(position)))
    assert pages_in(first) + pages_in(second) == [document.url for document in documents(600)]


def test_one_page_of_an_archive_can_be_explained(tmp_path: Path) -> None:
    made = documents(3)
    path = written(tmp_path / "a.zip", MAKERS["pages.zip"](made))
    web = written(tmp_path / "a.warc.gz", MAKERS["pages.warc.gz"](made))

    def found(source: str) -> list[Page | Rejected]:
        return [
            item if isinstance(item, Rejected) else item.page
            for item in member_extractions(source, today=date(2025, 6, 1))
        ]

    (by_name,) = found(f"{path}#pages/1.html")
    (by_address,) = found(f"{web}#https://example.org/1")
    (missing,) = found(f"{path}#pages/9.html")
    assert isinstance(by_name, Page)
    assert isinstance(by_address, Page)
    assert by_name.data == by_address.data == made[1].html.encode()
    assert isinstance(missing, Rejected)
    assert missing.code == "source.missing"
    assert len(found(str(path))) == 3


class PowerCutError(Exception):
    """The end of a run, from outside."""


def test_a_run_that_dies_goes_on_after_its_last_slice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flows.intake.BATCH_PAGES", 2)
    made = articles(7)
    path = written(tmp_path / "a.warc.gz", warc(made))
    loads: list[int] = []

    def load(*arguments: Any) -> Any:
        loads.append(1)
        if len(loads) == 3:
            raise PowerCutError
        return load_rows(*arguments)

    settings = replace(DEFAULTS, slice_pages=2)
    with pytest.raises(PowerCutError):
        ingest(tmp_path, path, settings=settings, steps=replace(DIRECT, load=load))
    ((state, position),) = asked(tmp_path, "SELECT state, position FROM ledger")
    assert state == "loaded"
    assert position

    outcome = ingest(tmp_path, path, settings=settings)

    runs = (*outcome.earlier, outcome.report.run)
    assert [run.funnel.pages for run in runs] == [2, 1]
    assert asked(tmp_path, "SELECT count(*), count(DISTINCT url) FROM pages") == [(7, 7)]
    assert asked(tmp_path, "SELECT position FROM ledger") == [(None,)]


def test_an_archive_in_an_inbox_is_dealt_with(tmp_path: Path) -> None:
    path = written(tmp_path / "large.zip", zip_of({"a.html": articles(1)[0].html.encode(), "noise.html": noise()}))
    assert path.stat().st_size > MAX_BYTES
    order = Order(sources=(), warehouse=tmp_path / "pages.duckdb", reports=tmp_path / "reports")

    dealt = Embedded(order=order)([str(path)], given_up=())

    assert not dealt.unread
    assert asked(tmp_path, "SELECT count(*) FROM articles") == [(1,)]
    assert asked(tmp_path, "SELECT uri, code FROM quarantine") == [(f"{path}#noise.html", "format.too_large")]
    assert ingest(tmp_path, path).report.run.state == "unchanged"


def noise() -> bytes:
    """More than a page may have, which no packing makes smaller."""
    return Random(1).randbytes(MAX_BYTES + 1)  # noqa: S311 - nothing is kept secret here
