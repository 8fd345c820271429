"""A replay in words: counts, then samples side by side; or as JSON."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from io import StringIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from flows.replay import Replayed
from warehouse.difference import CHANGES, Difference, Sample
from warehouse.report.text import quantity, visible

IN_A_PIPE = 160  # columns where no terminal says how many there are


def text_of(found: Replayed, *, width: int | None) -> str:
    """What differs, and what became of it."""
    file = StringIO()
    console = Console(file=file, width=width or IN_A_PIPE, color_system=None)
    console.print(_counts(found))
    for difference in found.differences:
        if difference.samples:
            console.print()
            console.print(_samples(difference))
    lines = [line.rstrip() for line in file.getvalue().splitlines()]
    return "\n".join((*lines, *_ending(found)))


def json_of(found: Replayed) -> str:
    """The same as one JSON document."""
    document = {
        "pages": found.pages,
        "without_capture": found.without_capture,
        "unreadable": len(found.unreadable),
        "refused": found.refused,
        "differences": [asdict(difference) for difference in found.differences],
        "promoted": str(found.outcome.report.run.run_id) if found.outcome else None,
    }
    return json.dumps(document, ensure_ascii=False, indent=1)


def _counts(found: Replayed) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column("table")
    for name in ("extracted", *CHANGES):
        table.add_column(name, justify="right")
    for difference in found.differences:
        counts = (f"{difference.counts[change]:,}" for change in CHANGES)
        table.add_row(difference.table_name, f"{difference.rows:,}", *counts)
    return table


def _samples(difference: Difference) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column(difference.table_name, no_wrap=True)
    table.add_column("column", no_wrap=True)
    table.add_column("now", ratio=1, overflow="fold")
    table.add_column("then", ratio=1, overflow="fold")
    for sample in difference.samples:
        for row in _rows(sample):
            table.add_row(*row)
    return table


def _rows(sample: Sample) -> Iterator[tuple[Text, ...]]:
    name = f"{sample.change} {sample.row_id[:8]}"
    for value in sample.values:
        yield tuple(Text(visible(cell or "-")) for cell in (name, value.column, value.before, value.after))
        name = ""


def _ending(found: Replayed) -> Iterator[str]:
    yield ""
    if found.without_capture:
        yield f"{quantity(found.without_capture, 'page')} without a capture: left as they are."
    if found.refused:
        yield f"The checks refuse the result of {quantity(found.pages, 'page')}: nothing is compared or loaded."
    elif not found.changes:
        yield f"No difference: {quantity(found.pages, 'page')} give the same articles and quotes."
    elif found.outcome is None:
        yield f"{quantity(found.pages, 'page')} extracted again; the warehouse stays as it was (--promote loads this)."
    else:
        yield f"Loaded as a run from {quantity(found.pages, 'page')}."
        if found.outcome.path:
            yield f"report: {found.outcome.path}"
