"""The gate from end to end: an unusual batch stays out and says why, a person lets it in, a lost report comes back."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner

from flows.cli import main
from tests.unit.loading import loaded, run_of
from warehouse.connection import writer
from warehouse.publish import publish
from warehouse.records import Measure

PAGES = 25


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with a warehouse in which nearly every page of ten runs held an article, and a batch that holds none."""
    with writer(tmp_path / "p.duckdb") as opened:
        for number in range(10):
            started = datetime.now(UTC) - timedelta(hours=10 - number)
            run = replace(run_of(number), started=started, finished=started)
            measures = [Measure(name="extraction_rate", scope="", value=0.96 + number % 3 / 100, base=100)]
            loaded(opened.connection, (), run=run, measures=measures)
        publish(opened)
    (tmp_path / "in").mkdir()
    for number in range(PAGES):
        (tmp_path / "in" / f"{number}.txt").write_text(f"Menu {number}\nHome\nLog in\n")
    return tmp_path


def _ingested(place: Path, *options: str) -> tuple[int, str]:
    result = CliRunner().invoke(
        main,
        [
            *("ingest", "--direct", str(place / "in"), "--warehouse", str(place / "p.duckdb")),
            *("--reports", str(place / "reports"), *options),
        ],
    )
    return result.exit_code, result.output


def _asked(place: Path, sql: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(place / "p.duckdb"), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def test_an_unusual_batch_stays_out_until_a_person_lets_it_in(place: Path) -> None:
    status, told = _ingested(place)
    assert status == 1
    assert "Refused." in told
    assert "1 blocking rule failed." in told
    assert _asked(place, "SELECT count(*) FROM pages") == [(0,)]
    assert _asked(place, "SELECT state, accepted FROM runs ORDER BY started DESC LIMIT 1") == [("refused", [])]
    failed = "SELECT name, observed FROM checks WHERE severity = 'blocking' AND NOT success AND NOT accepted"
    assert _asked(place, failed) == [("extraction_rate_usual", "0.0%, usually 97.0% ± 15.0%")]

    status, told = _ingested(place, "--accept", "extraction_rate_usual")
    assert "and was let pass" in told
    assert _asked(place, "SELECT count(*) FROM pages") == [(PAGES,)]
    accepted = "SELECT state, accepted FROM runs ORDER BY started DESC LIMIT 1"
    assert _asked(place, accepted) == [("warned", ["extraction_rate_usual"])]
    status, told = _ingested(place)
    assert (status, "No change" in told) == (0, True)


def test_a_rule_that_is_none_is_wrong_usage(place: Path) -> None:
    status, told = _ingested(place, "--accept", "no_such_rule")
    assert status == 2
    assert "extraction_rate_usual" in told


def test_a_lost_report_is_made_again_from_the_warehouse(place: Path) -> None:
    _ingested(place, "--accept", "extraction_rate_usual")
    (path,) = (place / "reports").glob("2*.html")
    before = path.read_text()
    explained = sorted((place / "reports" / path.stem).glob("*.html"))
    assert len(explained) == PAGES
    for file in [*(place / "reports").glob("*.html"), *explained]:
        file.unlink()
    asked = ["report", "--warehouse", str(place / "p.duckdb"), "--reports", str(place / "reports")]
    result = CliRunner().invoke(main, asked)
    assert (result.exit_code, result.output.strip()) == (0, str(path))
    assert all(file.exists() for file in explained)
    again = path.read_text()
    # The stored report knows all but how long the publication took.
    assert [line for line in again.splitlines() if line not in before] == []
    assert (place / "reports" / "index.html").exists()
