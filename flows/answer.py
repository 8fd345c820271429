"""An answer of the warehouse as text for a terminal or a pipe, or as the bytes of a file format."""

import csv
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from io import BytesIO, StringIO

import pyarrow as pa
from rich.console import Console
from rich.table import Table
from rich.text import Text

from warehouse.query import Question
from warehouse.report.text import escaped, visible

ENDLESS = 100_000  # columns; in a pipe no cell is folded


def table_of(answer: pa.Table, *, width: int | None) -> str:
    """The rows under their column names; `width` in characters folds long cells, None leaves them whole.

    Nothing in a cell can steer the terminal: control characters are shown as what they are.
    """
    table = Table(box=None, pad_edge=False)
    for field in answer.schema:
        numeric = pa.types.is_integer(field.type) or pa.types.is_floating(field.type) or pa.types.is_decimal(field.type)
        table.add_column(
            Text(visible(field.name)), justify="right" if numeric else "left", overflow="fold", no_wrap=width is None
        )
    for row in _rows(answer):
        table.add_row(*(Text(visible(cell_of(value))) for value in row))
    return _rendered(table, width=width)


def questions_of(questions: Iterable[Question]) -> str:
    """The saved questions, a line each, and under it one for each parameter: its type, meaning and default."""
    return columns_of(row for question in questions for row in _question_rows(question))


def _question_rows(question: Question) -> Iterable[Sequence[str]]:
    yield question.name, question.answers
    for parameter in question.parameters:
        default = "" if parameter.default == "NULL" else f" [default: {parameter.default}]"
        yield "", f"  --param {parameter.name}={parameter.kind}  {parameter.does}{default}"


def columns_of(rows: Iterable[Sequence[str]]) -> str:
    """A line for each row, its cells below each other; control characters are shown as what they are."""
    table = Table(box=None, pad_edge=False, show_header=False)
    for row in rows:
        table.add_row(*(Text(visible(cell)) for cell in row))
    return _rendered(table, width=None)


def json_of(answer: pa.Table) -> str:
    """An array of objects, a line each; dates and times in ISO 8601, ids as text, bytes in hexadecimal."""
    names = answer.column_names
    return json_of_rows(dict(zip(names, row, strict=True)) for row in _rows(answer))


def json_of_rows(rows: Iterable[Mapping[str, object]]) -> str:
    """An array of objects, a line each; what a terminal would obey is escaped, and the same after reading it."""
    lines = (json.dumps(row, ensure_ascii=False, default=_plain) for row in rows)
    return escaped("[" + ",\n ".join(lines) + "]")


def for_output(text: str) -> str:
    """The text as it is for a pipe; for a terminal, with hidden characters shown as what they are."""
    return visible(text) if sys.stdout.isatty() else text


def csv_of(answer: pa.Table) -> str:
    """RFC 4180 with a header; null is an empty field, lists are JSON."""
    file = StringIO()
    writer = csv.writer(file)
    writer.writerow(answer.column_names)
    writer.writerows([cell_of(value, null="") for value in row] for row in _rows(answer))
    return file.getvalue().removesuffix("\r\n")


def parquet_of(answer: pa.Table) -> bytes:
    """One Parquet file, zstd."""
    import pyarrow.parquet as pq

    file = BytesIO()
    pq.write_table(answer, file, compression="zstd")
    return file.getvalue()


def _rows(answer: pa.Table) -> Iterable[Sequence[object]]:
    return zip(*(_values(column) for column in answer.columns), strict=True)


def _values(column: pa.ChunkedArray) -> list[object]:
    try:
        values: list[object] = column.to_pylist()
    except (OverflowError, ValueError):  # a date or an interval beyond those of Python
        values = column.cast(pa.string()).to_pylist()
    return values


def cell_of(value: object, *, null: str = "-") -> str:
    """A value as the text of a cell."""
    if value is None:
        return null
    if isinstance(value, str):
        return value
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S%z}".removesuffix("+0000")
    if isinstance(value, (list, dict, bool, bytes)):
        return json.dumps(value, ensure_ascii=False, default=_plain)
    return _lasting(value) if isinstance(value, pa.MonthDayNano) else str(value)


def _lasting(interval: pa.MonthDayNano) -> str:
    months, days, nanoseconds = interval
    parts = [f"{months} months"] * bool(months) + [f"{days} days"] * bool(days)
    return " ".join([*parts, f"{nanoseconds / 1e9:.3g} s"] if nanoseconds or not parts else parts)


def _plain(value: object) -> object:
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, pa.MonthDayNano):
        return _lasting(value)
    return str(value)


def _rendered(table: Table, *, width: int | None) -> str:
    file = StringIO()
    Console(file=file, width=width or ENDLESS, color_system=None).print(table, soft_wrap=width is None)
    return "\n".join(line.rstrip() for line in file.getvalue().splitlines())
