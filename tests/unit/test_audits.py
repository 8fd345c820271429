"""What a load settles across pages is checked before it is committed: each entry passes a right row, fails a wrong one."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from extractors.errors import PullquoteError
from extractors.records import uuid_of
from flows.judge import JUDGE
from flows.order import Order
from flows.run import ingested
from flows.steps import Steps, load_rows
from tests.unit.extractions import VERSION, extraction_of, seedlings
from tests.unit.loading import rows_of, run_of
from warehouse.connection import Writer, writer
from warehouse.load import load
from warehouse.records import Loaded
from warehouse.suites import Entry, suites
from warehouse.tables import tables_of
from warehouse.validate import audited

RIGHT: dict[str, dict[str, Any]] = {
    "quotations": {
        "quotation_id": "id",
        "text": "Right so.",
        "speaker": "Ada Lovelace",
        "mentions": 2,
        "sites": 1,
        "rows_with_id": 1,
        "quotes": 2,
        "text_is_printed": True,
        "person_is_known": True,
        "work_is_known": True,
        "dated_by_a_quote": True,
    },
    "people": {
        "person_id": "id",
        "name": "Ada Lovelace",
        "rows_with_id": 1,
        "name_is_an_alias": True,
        "aliases": 2,
        "is_met": True,
    },
}
WRONG: dict[tuple[str, str], dict[str, Any]] = {
    ("quotations", "id_unique"): {"rows_with_id": 2},
    ("quotations", "text_not_empty"): {"text": " "},
    ("quotations", "text_is_printed"): {"text_is_printed": False},
    ("quotations", "mentions_true"): {"mentions": 3},
    ("quotations", "mentions_positive"): {"mentions": 0, "sites": 0},
    ("quotations", "sites_true"): {"sites": 3},
    ("quotations", "person_is_known"): {"person_is_known": False},
    ("quotations", "work_is_known"): {"work_is_known": False},
    ("quotations", "dated_by_a_quote"): {"dated_by_a_quote": False},
    ("quotations", "speaker_not_a_pronoun"): {"speaker": "She"},
    ("quotations", "not_everywhere"): {"mentions": 1001, "quotes": 1001},
    ("people", "id_unique"): {"rows_with_id": 2},
    ("people", "name_not_empty"): {"name": " "},
    ("people", "name_is_an_alias"): {"name_is_an_alias": False},
    ("people", "is_met"): {"is_met": False},
    ("people", "name_not_a_label"): {"name": "Directed by"},
    ("people", "name_not_a_pronoun"): {"name": "They"},
    ("people", "name_length"): {"name": "x" * 101},
    ("people", "name_is_no_address"): {"name": "www.example.org"},
    ("people", "few_names"): {"aliases": 21},
}
ENTRIES = [(table, entry) for table in RIGHT for entry in suites()[table]]


@pytest.mark.parametrize(("table", "entry"), ENTRIES, ids=[f"{table}-{entry.name}" for table, entry in ENTRIES])
def test_every_entry_fails_a_wrong_row(table: str, entry: Entry) -> None:
    wrong = RIGHT[table] | WRONG[table, entry.name]  # KeyError: add a failing example for the new entry to WRONG
    if entry.severity == "critical":
        with pytest.raises(PullquoteError, match=entry.description) as caught:
            audited({table: pa.Table.from_pylist([RIGHT[table], wrong])})
        assert caught.value.code == "check.audit"
    else:
        (check,) = (c for c in audited({table: pa.Table.from_pylist([wrong])}) if c.name == entry.name)
        assert (check.success, check.unexpected_count, check.failing) == (False, 1, ("id",))


def test_right_rows_pass() -> None:
    checks = audited({table: pa.Table.from_pylist([row]) for table, row in RIGHT.items()})
    assert {(check.table_name, check.name): check.success for check in checks} == dict.fromkeys(WRONG, True)


def test_what_the_audits_ask_is_what_the_suites_look_at(tmp_path: Path) -> None:
    with writer(tmp_path / "x.duckdb") as opened:
        outcome = _loaded(opened)
        assert {name: set(table.column_names) for name, table in outcome.failing.items()} == {
            name: set(row) for name, row in RIGHT.items()
        }
        assert all(check.success for check in outcome.audits)
        stored = opened.connection.execute("SELECT table_name, name FROM checks").fetchall()
    assert set(stored) == {(table, entry.name) for table, entry in ENTRIES}


def test_rows_that_break_a_promise_undo_the_whole_load(tmp_path: Path) -> None:
    with writer(tmp_path / "x.duckdb") as opened:
        _loaded(opened)
        opened.connection.execute("INSERT INTO quotations FROM quotations LIMIT 1")
        before = {table: rows_of(opened.connection, table) for table in ("runs", "pages", "quotes", "quotations")}
        with pytest.raises(PullquoteError, match="No two quotations share an id"):
            _loaded(opened, number=2)
        assert before == {table: rows_of(opened.connection, table) for table in before}


def test_a_run_that_an_audit_warns_of_has_not_passed(tmp_path: Path) -> None:
    def odd(opened: Writer, loadable: Any) -> Loaded:
        tables = loadable.tables
        speaker = tables["quotes"].schema.get_field_index("speaker")
        named = tables["quotes"].set_column(speaker, "speaker", pa.array(["They"] * tables["quotes"].num_rows))
        return load_rows(opened, replace(loadable, tables={**tables, "quotes": named}))

    page = tmp_path / "page.txt"
    body = "\n\n".join(
        f"In the year {year} she came again and said: “This is what I saw.”" for year in range(1950, 1960)
    )
    page.write_text(f"A long year\n\nBy Ada Writer\n\n{body}\n")
    path = tmp_path / "x.duckdb"
    order = Order(sources=(str(page),), warehouse=path, reports=tmp_path / "reports", trigger="test")
    outcome = ingested(order, steps=Steps(load=odd))

    failed = {(check.table_name, check.name) for check in outcome.report.checks if not check.success}
    assert {("quotations", "speaker_not_a_pronoun"), ("people", "name_not_a_pronoun")} <= failed
    assert outcome.report.run.state == "warned"
    assert {row.says for row in outcome.report.failing if row.table_name == "people"} == {"They"}
    with writer(path) as opened:
        assert opened.connection.execute("SELECT state FROM runs").fetchall() == [("warned",)]


def _loaded(opened: Writer, *, number: int = 1) -> Loaded:
    run = replace(run_of(number), started=datetime(2026, 1, number, tzinfo=UTC))
    batch = [*seedlings(), extraction_of(f"He said: “Number {number}.”", ("Ada", f"Number {number}."), uri=f"{number}")]
    tables = tables_of(batch, run_id=uuid_of(str(number)), now=run.started, extractor_version=VERSION)
    return load(
        opened.connection,
        tables=tables,
        quarantined=(),
        checks=(),
        run=run,
        ledger=(),
        judge=JUDGE,
        audit=audited,
    )
