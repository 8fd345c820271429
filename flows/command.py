"""The ingest command as a Prefect flow run: with the server that is configured, or with a temporary one."""

import logging
from pathlib import Path

from flows.ingest import IngestFailedError, ingest
from flows.order import Outcome
from flows.server import a_server
from flows.settings import Runner
from warehouse.store import Store
from warehouse.validate import prepare


def outcome_of_flow(
    sources: tuple[str, ...],
    *,
    warehouse: Store,
    reports: Path,
    accept: tuple[str, ...] = (),
    workers: int | None = None,
    columns: str | None = None,
    runner: Runner = "local",
) -> Outcome:
    """How the flow run ended, be it well or not; a PullquoteError of the steps is raised as it is."""
    try:
        with a_server(meanwhile=_prepare_checks):
            return ingest(
                list(sources),
                warehouse=str(warehouse),
                reports=str(reports),
                trigger="command",
                accept=list(accept),
                workers=workers,
                columns=columns,
                runner=runner,
            )
    except IngestFailedError as error:
        return error.outcome


def _prepare_checks() -> None:
    prepare()
    # It sets its own level at import, and Prefect shows what others log.
    logging.getLogger("great_expectations").setLevel(logging.WARNING)
