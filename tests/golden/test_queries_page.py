"""docs/queries.md is true: every saved question with its parameters and what it answers about the seeds.

`make golden` writes it anew.
"""

import re
import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pytest

from flows.answer import cell_of
from flows.order import Order
from flows.run import ingested
from warehouse.query import Parameter, Question, answer, saved_questions
from warehouse.report.text import cut, visible

ROOT = Path(__file__).parent.parent.parent
PAGE = ROOT / "docs" / "queries.md"
ROWS, CHARACTERS = 3, 60  # of an answer that are shown
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
VARIES = "⋯"

HEAD = f"""# Saved questions

`pullquote query` lists them, `pullquote query --saved NAME` asks one, `--param NAME=VALUE` sets a parameter of it. Each is
a file in `warehouse/queries/`. Below them are the first rows that they answer about the seeds; {VARIES} stands for what
differs from run to run. `make golden` writes this page.
"""


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory, seeds: Path) -> Path:
    folder = tmp_path_factory.mktemp("queries")
    shutil.copytree(seeds, folder / "seeds")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        ingested(Order(sources=("seeds",), warehouse=Path("pullquote.duckdb"), reports=Path("reports")))
    return folder / "pullquote.duckdb"


def page_of(warehouse: Path) -> str:
    return "\n".join([HEAD, *(line for saved in saved_questions() for line in lines_of(saved, warehouse))])


def lines_of(saved: Question, warehouse: Path) -> Iterator[str]:
    yield from (f"## {saved.name}", "", saved.answers, "")
    if saved.parameters:
        yield from (*(parameter_line(parameter) for parameter in saved.parameters), "")
    table = answer(warehouse, saved).table
    columns = [column.to_pylist() for column in table.columns]
    rows = list(zip(*columns, strict=True))
    yield f"| {' | '.join(table.column_names)} |"
    yield "|---" * table.num_columns + "|"
    for row in rows[:ROWS]:
        yield f"| {' | '.join(shown(value) for value in row)} |"
    rest = len(rows) - ROWS
    yield from ("", f"… and {rest:,} more", "") if rest > 0 else ("",)


def parameter_line(parameter: Parameter) -> str:
    default = "" if parameter.default == "NULL" else f" (default `{parameter.default}`)"
    return f"- `{parameter.name}` {parameter.kind}{default}: {parameter.does}"


def shown(value: object) -> str:
    today = datetime.now(UTC).date()
    if isinstance(value, datetime | timedelta | pa.MonthDayNano) or (
        isinstance(value, date) and today - value <= timedelta(days=1)
    ):
        return VARIES
    text = " ".join(cell_of(value).split())
    return UUID.sub(VARIES, visible(cut(text, CHARACTERS))).replace("|", "\\|")


def test_the_page_has_every_question_with_its_parameters() -> None:
    told = [line for saved in saved_questions() for line in (f"## {saved.name}", saved.answers)]
    parameters = [parameter_line(parameter) for saved in saved_questions() for parameter in saved.parameters]
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line.startswith("## ") or line.endswith("?")] == told
    assert [line for line in lines if line.startswith("- ")] == parameters


@pytest.mark.slow  # its rows change with most changes of the extraction: `make golden` writes them anew
def test_the_rows_on_the_page_are_the_answers(warehouse: Path, *, golden: bool) -> None:
    page = page_of(warehouse)
    if golden:
        PAGE.write_text(page, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == page
