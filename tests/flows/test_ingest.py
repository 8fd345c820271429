"""The whole way without Prefect: what a run leaves behind, what a second one does, what bad input does to it."""

import json
import os
import stat
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NoReturn

import duckdb
import pytest

from extractors.errors import PullquoteError
from flows.harvest import Harvest, Harvester, Job, in_process
from flows.order import DIRECT, Order, Outcome
from flows.run import ingested
from flows.settings import DEFAULTS, Settings
from flows.steps import Steps
from warehouse.warc import captured

TABLES = ("pages", "articles", "article_authors", "quotes", "blocks", "works", "runs", "checks", "quarantine", "ledger")
Ingest = Callable[..., Outcome]


@pytest.fixture
def ingest(tmp_path: Path) -> Ingest:
    """Ingest sources into the test's own warehouse."""

    def called(
        *sources: Path | str,
        rehearsal: bool = False,
        steps: Steps = DIRECT,
        settings: Settings = DEFAULTS,
        harvester: Harvester = in_process,
    ) -> Outcome:
        order = Order(
            sources=tuple(str(source) for source in sources),
            warehouse=tmp_path / "pages.duckdb",
            reports=tmp_path / "reports",
            rehearsal=rehearsal,
            settings=settings,
        )
        return ingested(order, steps=steps, harvester=harvester)

    return called


@pytest.fixture
def seed(seeds: Path) -> Path:
    """The shorter seed page."""
    return min(seeds.glob("*.txt"), key=lambda path: path.stat().st_size)


def rows(warehouse: Path) -> dict[str, int]:
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        counts = {name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone() for name in TABLES}
    return {name: int(count[0]) if count else -1 for name, count in counts.items()}


def asked(warehouse: Path, sql: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def test_seeds_become_checked_articles_with_quotes(ingest: Ingest, seeds: Path, tmp_path: Path) -> None:
    outcome = ingest(seeds)

    assert not outcome.failed
    funnel = outcome.report.run.funnel
    assert funnel.balances
    counted = rows(tmp_path / "pages.duckdb")
    assert counted["pages"] == funnel.pages == 7
    assert counted["articles"] == funnel.articles_loaded == 12
    assert counted["quotes"] == funnel.quotes_loaded
    assert counted["runs"] == 1
    assert counted["ledger"] == 7


def test_every_part_of_every_quote_is_a_slice_of_the_body(ingest: Ingest, seeds: Path, tmp_path: Path) -> None:
    ingest(seeds)

    quotes = asked(
        tmp_path / "pages.duckdb", "SELECT body, q.text, q.parts FROM quotes q JOIN articles USING (article_id)"
    )

    assert quotes
    for body, text, parts in quotes:
        assert isinstance(body, str)
        assert isinstance(parts, list)
        assert str(text).split() == " ".join(body[start:stop] for start, stop in parts).split()


def test_second_run_changes_nothing_and_says_so(ingest: Ingest, seeds: Path, tmp_path: Path) -> None:
    first = ingest(seeds)
    warehouse = tmp_path / "pages.duckdb"
    before = warehouse.stat()

    second = ingest(seeds)

    assert second.report.run.state == "unchanged"
    assert not second.failed
    assert second.path == first.path
    after = warehouse.stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert len(list((tmp_path / "reports").glob("2*.html"))) == 1


def test_report_is_there_with_its_json_and_latest(ingest: Ingest, seed: Path, tmp_path: Path) -> None:
    outcome = ingest(seed)

    assert outcome.path
    assert (tmp_path / "reports" / "latest.html").samefile(outcome.path)
    told = json.loads(outcome.path.with_suffix(".json").read_text())
    assert told["balances"]
    assert told["run"]["state"] == outcome.report.run.state
    assert {timing["step"] for timing in told["timings"]} >= {"extract", "check", "load", "publish"}


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [("empty.txt", b"", "format.empty"), ("picture.png", b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "format.binary")],
)
def test_bad_file_is_quarantined_with_its_bytes_and_the_rest_is_loaded(
    ingest: Ingest, seed: Path, tmp_path: Path, name: str, content: bytes, code: str
) -> None:
    bad = tmp_path / name
    bad.write_bytes(content)

    outcome = ingest(bad, seed)

    assert outcome.failed
    assert [refusal.code for refusal in outcome.refused] == [code]
    assert outcome.report.run.funnel.balances
    warehouse = tmp_path / "pages.duckdb"
    assert rows(warehouse)["articles"] == 1
    assert asked(warehouse, "SELECT code, payload, uri FROM quarantine") == [(code, content, str(bad))]

    again = ingest(bad, seed)  # known to be bad: not told again as new, but not forgotten either

    assert again.report.run.state == "unchanged"
    assert not again.failed
    assert again.waiting == 1


def test_only_bad_input_is_a_run_of_its_own(ingest: Ingest, tmp_path: Path) -> None:
    bad = tmp_path / "empty.txt"
    bad.touch()

    outcome = ingest(bad)

    assert outcome.failed
    assert outcome.report.run.funnel.refused == 1
    assert outcome.path
    assert rows(tmp_path / "pages.duckdb")["quarantine"] == 1


def test_missing_path_does_not_end_the_batch(ingest: Ingest, seed: Path, tmp_path: Path) -> None:
    outcome = ingest(tmp_path / "nowhere.txt", seed)

    assert outcome.failed
    assert [refusal.code for refusal in outcome.refused] == ["source.missing"]
    assert outcome.report.run.funnel.articles_loaded == 1
    assert outcome.report.run.funnel.balances


def test_nothing_readable_makes_no_warehouse(ingest: Ingest, tmp_path: Path) -> None:
    (tmp_path / "hollow").mkdir()

    outcome = ingest(tmp_path / "nowhere.txt", tmp_path / "hollow")

    assert outcome.failed
    assert [refusal.code for refusal in outcome.refused] == ["source.missing", "source.empty_folder"]
    assert outcome.report.run.funnel.balances
    assert [path.name for path in tmp_path.iterdir()] == ["hollow"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_unreadable_file_does_not_end_the_batch(ingest: Ingest, seed: Path, tmp_path: Path) -> None:
    locked = tmp_path / "locked.txt"
    locked.write_text("words")
    locked.chmod(0)

    outcome = ingest(locked, seed)

    assert [refusal.code for refusal in outcome.refused] == ["source.unreadable"]
    assert outcome.report.run.funnel.articles_loaded == 1


def test_same_page_twice_is_one_page_and_one_duplicate(ingest: Ingest, seed: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.txt"
    copy.write_bytes(seed.read_bytes())

    funnel = ingest(seed, copy, seed).report.run.funnel

    assert (funnel.sources, funnel.pages, funnel.duplicates) == (2, 1, 1)
    assert funnel.balances
    assert rows(tmp_path / "pages.duckdb")["ledger"] == 2


def test_page_without_article_is_kept_with_its_bytes(ingest: Ingest, tmp_path: Path) -> None:
    page = tmp_path / "menu.html"
    page.write_text("<html><body><nav><a href='/'>Home</a> <a href='/about'>About</a></nav></body></html>")

    outcome = ingest(page)

    assert not outcome.failed
    assert outcome.report.run.state == "warned"
    assert outcome.report.run.funnel.pages_without_article == 1
    warehouse = tmp_path / "pages.duckdb"
    assert asked(warehouse, "SELECT code, payload FROM quarantine") == [("extract.no_article", page.read_bytes())]
    assert asked(warehouse, "SELECT state FROM ledger") == [("no_article",)]


def test_rehearsal_writes_nothing(ingest: Ingest, seed: Path, tmp_path: Path) -> None:
    outcome = ingest(seed, rehearsal=True)

    assert outcome.report.run.funnel.articles_loaded == 1
    assert list(tmp_path.iterdir()) == []


def test_rehearsal_knows_what_is_there(ingest: Ingest, seed: Path, tmp_path: Path) -> None:
    ingest(seed)
    before = sorted(tmp_path.rglob("*"))

    outcome = ingest(seed, rehearsal=True)

    assert outcome.report.run.state == "unchanged"
    assert sorted(tmp_path.rglob("*")) == before


def test_warehouse_that_cannot_be_written_is_one_clear_error(seed: Path, tmp_path: Path) -> None:
    order = Order(sources=(str(seed),), warehouse=tmp_path / "no" / "such" / "w.duckdb", reports=tmp_path / "reports")

    with pytest.raises(PullquoteError) as caught:
        ingested(order)

    assert caught.value.code == "warehouse.unwritable"
    assert "\n" not in caught.value.detail


def test_corrupt_warehouse_is_left_as_it_is(ingest: Ingest, seed: Path, tmp_path: Path) -> None:
    corrupt = tmp_path / "pages.duckdb"
    corrupt.write_bytes(b"this is no database" * 1000)

    for rehearsal in (False, True):
        with pytest.raises(PullquoteError) as caught:
            ingest(seed, rehearsal=rehearsal)
        assert caught.value.code == "warehouse.corrupt"
        assert "\n" not in caught.value.detail

    assert corrupt.read_bytes() == b"this is no database" * 1000


def test_crash_before_publishing_loses_nothing(ingest: Ingest, seed: Path, tmp_path: Path) -> None:
    def power_cut(_: object) -> bool:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ingest(seed, steps=Steps(publish=power_cut))
    assert not (tmp_path / "pages.duckdb").exists()

    outcome = ingest(seed)

    assert outcome.report.run.state == "unchanged"
    assert rows(tmp_path / "pages.duckdb")["articles"] == 1


def test_crash_before_loading_leaves_the_inputs_for_the_next_run(ingest: Ingest, seed: Path, tmp_path: Path) -> None:
    def power_cut(_: object, __: object) -> NoReturn:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ingest(seed, steps=Steps(load=power_cut))

    assert ingest(seed).report.run.funnel.articles_loaded == 1
    assert rows(tmp_path / "pages.duckdb")["runs"] == 1


def test_batches_add_up_to_what_one_batch_gives(
    ingest: Ingest, seeds: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ingest(seeds)
    whole = rows(tmp_path / "pages.duckdb")
    (tmp_path / "pages.duckdb").rename(tmp_path / "elsewhere.duckdb")
    for path in tmp_path.glob(".pages.duckdb.*"):
        path.unlink()
    monkeypatch.setattr("flows.intake.BATCH_PAGES", 1)
    met: list[int] = []

    def counting(jobs: Iterable[Job]) -> Iterator[Harvest]:
        for harvest in in_process(jobs):
            met.append(harvest.funnel.pages)
            yield harvest

    ingest(seeds, harvester=counting)

    assert met == [1] * 7
    assert rows(tmp_path / "pages.duckdb") == whole


@pytest.mark.skipif(sys.platform != "linux", reason="a pipe with a name")
def test_named_pipe_in_a_folder_is_not_waited_for(ingest: Ingest, seed: Path, tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()
    os.mkfifo(folder / "pipe.txt")
    (folder / "page.txt").write_bytes(seed.read_bytes())
    assert stat.S_ISFIFO((folder / "pipe.txt").stat().st_mode)

    assert ingest(folder).report.run.funnel.sources == 1


def test_empty_inbox_fails_no_flow_run_but_a_typo_does(ingest: Ingest, tmp_path: Path) -> None:
    from flows.ingest import is_failure

    (tmp_path / "inbox").mkdir()

    assert not is_failure(ingest(tmp_path / "inbox"))
    assert is_failure(ingest(tmp_path / "inbocks"))
    assert is_failure(ingest(tmp_path / "inbox", tmp_path / "inbocks"))


def test_a_file_edited_and_changed_back_is_current_each_time(ingest: Ingest, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    current = "SELECT title FROM articles_current"
    for title in ("First", "Second", "First", "First"):
        page.write_text(f"<title>{title}</title><h1>{title}</h1><p>{'It was a quiet morning by the river. ' * 40}</p>")
        outcome = ingest(page)
        assert asked(tmp_path / "pages.duckdb", current) == [(title,)]

    assert outcome.report.run.state == "unchanged"
    assert rows(tmp_path / "pages.duckdb")["pages"] == 2


def test_every_page_can_show_its_bytes(ingest: Ingest, seeds: Path, tmp_path: Path) -> None:
    ingest(seeds)

    kept = asked(tmp_path / "pages.duckdb", "SELECT uri, capture FROM pages")
    assert len(kept) > 2
    for uri, capture in kept:
        assert captured(tmp_path / "pages.duckdb.captures", str(capture)) == Path(str(uri)).read_bytes()


def test_a_rehearsal_keeps_nothing(ingest: Ingest, seed: Path, tmp_path: Path) -> None:
    ingest(seed, rehearsal=True)

    assert list(tmp_path.iterdir()) == []


def test_a_large_warehouse_is_published_at_intervals(ingest: Ingest, seeds: Path, tmp_path: Path) -> None:
    small, large = sorted(seeds.glob("*.txt"), key=lambda path: path.stat().st_size)
    hourly = Settings(publish_seconds=3600, publish_bytes=0)

    assert not ingest(small, settings=hourly).unpublished  # there is nothing to look at yet
    assert ingest(large, settings=hourly).unpublished
    assert rows(tmp_path / "pages.duckdb")["pages"] == 1
    assert ingest(large, settings=hourly).unpublished
    later = ingest(large, settings=Settings(publish_seconds=0, publish_bytes=0))

    assert later.report.run.state == "unchanged"
    assert not later.unpublished
    assert rows(tmp_path / "pages.duckdb")["pages"] == 2
