"""Parquet tables: a document in each row (see rows.py)."""

from typing import Any, BinaryIO

from extractors.formats.members import Entries, Lost, Reading
from extractors.formats.rows import chosen_of, member_of, no_content

MAGIC = b"PAR1"
ROWS = 32  # read at a time: a row may hold a page of 20 MB


def recognised(head: bytes, name: str) -> bool:  # noqa: ARG001 - the bytes tell
    """Does it begin as these files do?"""
    return head.startswith(MAGIC)


def entries_of(file: BinaryIO, *, start: int, reading: Reading) -> Entries:
    """The rows from number `start` on; their names are their numbers, from 0."""
    import pyarrow as pa
    from pyarrow import parquet

    try:
        table = parquet.ParquetFile(file, pre_buffer=False)
        total, names = table.metadata.num_rows, table.schema_arrow.names
    except (pa.ArrowException, OSError, ValueError) as error:
        detail = " ".join(f"the table cannot be opened: {error}".split())
        yield Lost(name="", position=start, code="parquet.damaged", detail=detail)
        return
    chosen = chosen_of(reading.columns, names)
    if not chosen:
        yield Lost(name="", position=total, code="rows.no_content", detail=no_content(reading.columns, names))
        return
    begin = 0
    for group in range(table.num_row_groups):
        stop = begin + table.metadata.row_group(group).num_rows
        if stop > start:
            yield from _of_group(table, group, chosen, (begin, stop, start), reading)
        begin = stop


def _of_group(table: Any, group: int, chosen: list[str], rows: tuple[int, int, int], reading: Reading) -> Entries:
    """The rows of a group, which has those from begin to stop, from number `start` on."""
    import pyarrow as pa

    row, stop, start = rows
    try:
        for batch in table.iter_batches(batch_size=ROWS, row_groups=[group], columns=chosen):
            reading.budget.spend(batch.nbytes)
            for values in batch.to_pylist():
                row += 1
                if row > start:
                    yield member_of(values, columns=reading.columns, name=str(row - 1), position=row, raw=b"")
    except (pa.ArrowException, OSError, ValueError) as error:
        detail = f"rows {row:,} to {stop:,} cannot be read: {error}"
        yield Lost(name=str(row), position=stop, code="parquet.damaged", detail=" ".join(detail.split()))
