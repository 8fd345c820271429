"""Replay and quarantine: the same bytes through today's extractor, and what was refused once more."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner, Result

from extractors.extract import extractions_of
from extractors.formats import pages_in
from extractors.records import Extraction, Page, Rejected
from flows.cli import main
from flows.order import Order
from flows.run import ingested
from tests.pages import written_page


@pytest.fixture
def order(tmp_path: Path) -> Order:
    """A warehouse with two pages, and a source that is refused."""
    for number in range(2):
        written_page(tmp_path / "pages", number)
    (tmp_path / "pages" / "blank.txt").write_text(" \n" * 10)
    order = Order(sources=(str(tmp_path / "pages"),), warehouse=tmp_path / "x.duckdb", reports=tmp_path / "reports")
    ingested(order)
    return order


def called(order: Order, *arguments: str) -> Result:
    verb = 2 if arguments[0] == "quarantine" else 1
    files = ["--warehouse", str(order.warehouse)]
    if "replay" in arguments:
        files += ["--reports", str(order.reports)]
    # In this process, so that another extractor can be put in.
    return CliRunner(env={"PULLQUOTE_WORKERS": "0"}).invoke(main, [*arguments[:verb], *files, *arguments[verb:]])


def state_of(order: Order) -> tuple[int, int, int]:
    assert isinstance(order.warehouse, Path)
    status = order.warehouse.stat()
    return status.st_ino, status.st_mtime_ns, status.st_size


def asked(order: Order, sql: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(order.warehouse), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def newer(extract: Callable[..., Iterator[Extraction]]) -> Callable[..., Iterator[Extraction]]:
    """An extractor that finds another speaker and one quote less on each page."""

    def extracted(pages: Sequence[Page], **options: object) -> Iterator[Extraction]:
        for found in extract(pages, **options):
            first, *_ = found.quotes
            articles = tuple(replace(article, title="Another title", quote_count=1) for article in found.articles)
            yield replace(found, articles=articles, quotes=(replace(first, speaker="\x1b[31mSomebody else"),))

    return extracted


def test_the_same_extractor_gives_no_difference_and_writes_nothing(order: Order) -> None:
    before = state_of(order)

    left, promoted = called(order, "replay"), called(order, "replay", "--promote")

    assert (left.exit_code, promoted.exit_code) == (0, 0), left.output + promoted.output
    assert "No difference: 2 pages" in left.stdout
    assert left.stdout == promoted.stdout
    assert state_of(order) == before


def test_a_newer_extractor_is_shown_and_then_promoted(order: Order, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flows.harvest.extractions_of", newer(extractions_of))
    before = state_of(order)

    shown = called(order, "replay")
    told = json.loads(called(order, "replay", "--format", "json").stdout)

    assert shown.exit_code == 0, shown.output
    assert state_of(order) == before
    assert [line.split() for line in shown.stdout.splitlines()[:3]] == [
        ["table", "extracted", "gained", "lost", "changed"],
        ["articles", "2", "0", "0", "2"],
        ["quotes", "2", "0", "2", "2"],
    ]
    assert "\x1b" not in shown.stdout
    assert "Somebody else" in shown.stdout
    assert "--promote loads this" in shown.stdout
    quotes = told["differences"][1]
    assert quotes["counts"] == {"gained": 0, "lost": 2, "changed": 2}
    changed = next(sample for sample in quotes["samples"] if sample["change"] == "changed")
    assert [value["column"] for value in changed["values"]] == ["speaker"]

    promoted = called(order, "replay", "--promote")

    assert promoted.exit_code == 0, promoted.output
    assert "Loaded as a run from 2 pages." in promoted.stdout
    assert asked(order, "SELECT DISTINCT title FROM articles") == [("Another title",)]
    assert asked(order, "SELECT count(*) FROM quotes") == [(2,)]
    assert asked(order, "SELECT trigger, pages FROM runs ORDER BY started") == [("command", 2), ("replay", 2)]
    assert "No difference" in called(order, "replay").stdout


def test_a_replay_looks_at_new_pages_only_if_asked(order: Order, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flows.harvest.extractions_of", newer(extractions_of))

    assert "2 pages extracted" in called(order, "replay", "--since", "2020-01-01").stdout
    assert "0 pages give the same" in called(order, "replay", "--since", "2200-01-01").stdout


def test_a_replay_keeps_the_version_that_is_current(order: Order, monkeypatch: pytest.MonkeyPatch) -> None:
    page = Path(order.sources[0]) / "000000.txt"
    page.write_text(page.read_text().replace("The 0th Crossing", "The Crossing, corrected"))
    ingested(order)
    monkeypatch.setattr("flows.harvest.extractions_of", newer(extractions_of))
    current = f"SELECT article_id FROM articles_current WHERE address = '{page}'"
    before = asked(order, current)

    called(order, "replay", "--promote")

    assert asked(order, "SELECT count(*) FROM pages") == [(3,)]
    assert asked(order, current) == before
    assert asked(order, "SELECT count(*) FROM pages WHERE returned IS NOT NULL") == [(0,)]


def test_a_capture_that_is_gone_is_named(order: Order) -> None:
    assert isinstance(order.warehouse, Path)
    (captures,) = order.warehouse.with_name("x.duckdb.captures").iterdir()
    captures.unlink()

    done = called(order, "replay")

    assert done.exit_code == 1
    assert len(done.stderr.splitlines()) == 2
    assert "cannot be read" in done.stderr


def test_a_warehouse_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    nowhere = Order(sources=(), warehouse=tmp_path / "no.duckdb", reports=tmp_path)

    for verb in (["replay"], ["quarantine", "list"], ["quarantine", "show", "x"]):
        done = called(nowhere, *verb)
        assert done.exit_code == 1
        assert len(done.stderr.splitlines()) == 1


def test_quarantine_lists_and_shows_what_was_refused(order: Order) -> None:
    listed = called(order, "quarantine", "list", "--format", "json")
    (item,) = json.loads(listed.stdout)

    shown = called(order, "quarantine", "show", item["item_id"][:6])
    raw = called(order, "quarantine", "show", item["item_id"], "--raw")

    assert item["code"] == "format.empty"
    assert "format.empty" in shown.stdout
    assert "the input is only white space" in shown.stdout
    assert raw.stdout_bytes == b" \n" * 10
    for wrong in ("zzzz", ""):
        assert called(order, "quarantine", "show", wrong).exit_code == 1


@pytest.mark.parametrize(
    ("data", "seen"),
    [
        (b"\x1b]0;owned\x07 " + b"bold words " * 50, "⟦U+001B⟧"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, "00000000  89 50 4e 47"),
        (b"", "(no bytes)"),
        ("Grüße".encode("utf-16"), "Grüße"),
    ],
)
def test_bytes_are_shown_without_steering_the_terminal(data: bytes, seen: str) -> None:
    from flows.bytestext import text_of_bytes

    text = text_of_bytes(data, limit=4000)

    assert seen in text
    assert not {"\x1b", "\x07", "\x89"} & set(text)


def test_trying_again_what_still_fails_changes_nothing(order: Order) -> None:
    before = state_of(order)

    done = called(order, "quarantine", "replay")

    assert done.exit_code == 1
    assert done.stdout == "0 of 1 mended\n"
    assert state_of(order) == before


def test_a_page_without_article_is_mended_by_a_newer_extractor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = written_page(tmp_path / "pages", 1)
    order = Order(sources=(str(page),), warehouse=tmp_path / "x.duckdb", reports=tmp_path / "reports")
    with monkeypatch.context() as patched:
        patched.setattr("flows.harvest.extractions_of", blind)
        ingested(order)
    assert asked(order, "SELECT status, code FROM quarantine") == [("open", "extract.no_article")]

    done = called(order, "quarantine", "replay", "--code", "extract.no_article")

    assert done.exit_code == 0, done.output
    assert done.stdout.startswith("1 of 1 mended\nreport: ")
    assert asked(order, "SELECT status FROM quarantine") == [("resolved",)]
    assert asked(order, "SELECT count(*) FROM articles") == [(1,)]
    assert called(order, "quarantine", "list", "--all").stdout.count("resolved") == 1


def test_an_input_that_was_refused_is_read_again(order: Order, monkeypatch: pytest.MonkeyPatch) -> None:
    text = written_page(Path(order.sources[0]).parent, 7).read_bytes()

    def tolerant(data: bytes, **options: object) -> object:
        return pages_in(data if data.strip() else text, **options)  # type: ignore[arg-type]

    monkeypatch.setattr("flows.quarantine.pages_in", tolerant)

    done = called(order, "quarantine", "replay")

    assert done.stdout.startswith("1 of 1 mended"), done.output
    assert asked(order, "SELECT count(*) FROM articles") == [(3,)]
    blank = str(Path(order.sources[0]) / "blank.txt")
    assert asked(order, f"SELECT state FROM ledger WHERE uri = '{blank}'") == [("loaded",)]
    assert ingested(order).report.run.state == "unchanged"


def test_a_large_refusal_is_shown_from_its_capture(tmp_path: Path) -> None:
    data = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 1000
    (tmp_path / "large.png").write_bytes(data)
    order = Order(sources=(str(tmp_path / "large.png"),), warehouse=tmp_path / "x.duckdb", reports=tmp_path / "reports")
    ingested(order)
    ((item, size),) = asked(order, "SELECT item_id::VARCHAR, octet_length(payload) FROM quarantine")

    assert size == 0
    assert called(order, "quarantine", "show", str(item), "--raw").stdout_bytes == data
    assert called(order, "quarantine", "replay").stdout == "0 of 1 mended\n"


def blind(pages: Sequence[Page], **_: object) -> Iterator[Extraction]:
    for page in pages:
        refusal = Rejected(
            stage="extract",
            code="extract.no_article",
            detail="x",
            uri=page.uri,
            page_id=page.page_id,
            payload=page.data,
        )
        yield Extraction(page=page, articles=(), quotes=(), blocks=(), rejected=(refusal,))
