"""An ingest whose extractor hangs, dies or grows on marked pages: `python -m tests.poison` WAREHOUSE SOURCE WORKERS.

The fork server is forked from this process, so that its workers have the extractor that is put in here. Prints the run's
funnel as JSON.
"""

import json
import os
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import extractors.extract
import flows.harvest
from extractors.articles.split import Split, Unsplit, splits_of
from extractors.blocks.model import Models
from extractors.extract import extractions_of
from extractors.records import Extraction, Page
from flows.order import Order
from flows.pool import supervisor
from flows.pool.worker import fences_of
from flows.run import ingested
from flows.runners import harvesting
from flows.settings import Settings

SETTINGS = Settings(page_seconds=0.5, worker_bytes=600_000_000)


def poisoned(pages: Sequence[Page], **options: Any) -> Iterator[Extraction]:
    kept = []
    for page in pages:
        kept.append(page)
        if b"POISON spin" in page.data:
            while True:
                pass
        if b"POISON sleep" in page.data:
            time.sleep(3_600)
        if b"POISON grow" in page.data:
            bytearray(2_000_000_000)
        if b"POISON die" in page.data:
            os.kill(os.getpid(), signal.SIGSEGV)
        if b"POISON raise" in page.data:
            raise ZeroDivisionError("a bug\nin two lines")
        if b"POISON once" in page.data and not Path(sys.argv[1]).with_suffix(".once").exists():
            Path(sys.argv[1]).with_suffix(".once").touch()
            os.kill(os.getpid(), signal.SIGKILL)
        if b"POISON together" in page.data and len(pages) > 3:
            os.kill(os.getpid(), signal.SIGSEGV)
    yield from extractions_of(pages, **options)


def slowly_split(pages: Sequence[Unsplit], models: Models) -> Iterator[Split]:
    """The splits of pages that are scored together, for ever if a marked one is among them."""
    while any("POISON score" in block.text for page in pages for known in page.documents for block in known.blocks):
        pass
    yield from splits_of(pages, models)


def main() -> None:
    warehouse, source, workers = sys.argv[1:]
    vars(flows.harvest)["extractions_of"] = poisoned
    vars(extractors.extract)["splits_of"] = slowly_split
    order = Order(sources=(source,), warehouse=Path(warehouse), reports=Path(warehouse).parent / "reports")
    supervisor.prepare(fences_of(SETTINGS))
    with harvesting(SETTINGS, workers=int(workers)) as harvester:
        outcome = ingested(order, harvester=harvester)
    print(json.dumps(asdict(outcome.report.run.funnel)))


if __name__ == "__main__":
    main()
