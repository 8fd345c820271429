"""What runs now and then beside the ingest, as Prefect flows: the report of the day, compaction, replay."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from prefect import flow
from prefect.artifacts import create_markdown_artifact

from extractors.errors import PullquoteError
from flows.differences import text_of
from flows.order import Order
from flows.replay import TRIGGER, replayed
from flows.settings import settings_of, warehouse_of
from warehouse.connection import writer
from warehouse.report.text import quantity
from warehouse.state import sums_since
from warehouse.upkeep import vacuumed

DAY = timedelta(days=1)


@flow(name="report", persist_result=False)
def report(warehouse: str | None = None) -> str:
    """The last 24 hours in figures, as an artifact."""
    path = warehouse_of(warehouse) if warehouse else settings_of().warehouse
    sums = sums_since(path, datetime.now(UTC) - DAY)
    rows = (f"| {name} | {count:,} |" for name, count in sums.items())
    markdown = "\n".join(("| last 24 hours | |", "|---|---:|", *rows, ""))
    create_markdown_artifact(key="day", markdown=markdown, description="the last 24 hours in figures")
    return markdown


@flow(name="compact", persist_result=False)
def compact(warehouse: str | None = None) -> str:
    """Write the warehouse anew without the room that deleted rows leave."""
    settings = settings_of()
    with writer(warehouse_of(warehouse) if warehouse else settings.warehouse, deadline=settings.busy_seconds) as opened:
        saved = vacuumed(opened, now=datetime.now(UTC))
    return f"{quantity(saved.before, 'byte')} before, {quantity(saved.after, 'byte')} after"


@flow(name="replay", persist_result=False)
def replay(
    warehouse: str | None = None, reports: str | None = None, since: datetime | None = None, *, promote: bool = False
) -> str:
    """Extract stored pages again and show what differs, as an artifact; with `promote` load it."""
    settings = settings_of()
    order = Order(
        sources=(),
        warehouse=warehouse_of(warehouse) if warehouse else settings.warehouse,
        reports=Path(reports) if reports else settings.reports,
        trigger=TRIGGER,
        settings=settings,
    )
    found = replayed(order, since=since, promote=promote)
    text = text_of(found, width=None)
    fenced = "\n".join(f"    {line}" for line in text.splitlines())  # what pages say is no Markdown of ours
    create_markdown_artifact(key="replay", markdown=fenced, description="what today's extractor would change")
    if found.unreadable or found.refused or (found.outcome and found.outcome.failed):
        raise PullquoteError("replay.failed", text.splitlines()[-1])
    return text
