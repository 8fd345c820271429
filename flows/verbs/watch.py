"""`pullquote watch`: pages that land in a folder are in the warehouse seconds later, in one process without a server."""

import gc
import logging
from pathlib import Path

import click

from flows.settings import BATCH_GC, Settings, settings_of
from flows.verbs.options import (
    LogFormat,
    debug,
    done_option,
    folder_of,
    log_format_option,
    on_stop,
    reports_option,
    warehouse_option,
)
from warehouse.store import Store

logger = logging.getLogger(__name__)


@click.command()
@click.argument("inbox", type=click.Path(path_type=Path))
@warehouse_option
@reports_option
@done_option
@log_format_option
@debug
def watch(inbox: Path, warehouse: Store | None, reports: Path | None, done: Path | None, log_format: LogFormat) -> None:
    """Ingest what lands in INBOX, at once and for ever.

    In batches, in this process, without a server. Files stay where they are unless --done says otherwise; hidden and
    .tmp files are left alone, and a file that is still being written is waited for. What fails is tried again and then
    quarantined with the reason. SIGTERM or Ctrl-C finishes the batch and ends with status 0.
    """
    from flows.logs import telling

    folder_of(inbox)
    gc.set_threshold(*BATCH_GC)
    settings = settings_of()
    with telling(log_format, title=f"watch {inbox}", endless=True):
        _watch(inbox, settings, warehouse or settings.warehouse, reports or settings.reports, done)


def _watch(inbox: Path, settings: Settings, warehouse: Store, reports: Path, done: Path | None) -> None:
    from flows.order import Order
    from flows.runners import harvesting
    from flows.watch.deal import Embedded, warmed
    from flows.watch.loop import watch_of

    order = Order(sources=(), warehouse=warehouse, reports=reports, trigger="watch", settings=settings)
    with harvesting(settings) as harvester:
        watching = watch_of(inbox, done=done, deal=Embedded(order=order, harvester=harvester), settings=settings)
        on_stop(watching.stop)
        warmed(harvester)
        logger.info("watching %s", inbox)
        watching.run()
    logger.info("stopped: %d files dealt with, %d given up", watching.counts.done, watching.counts.given_up)
