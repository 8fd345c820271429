"""The ingest as a Prefect flow: the steps of flows.steps as tasks, a batch of pages each; artifacts of the report."""

from dataclasses import replace
from pathlib import Path

from prefect import flow, task
from prefect.artifacts import create_link_artifact, create_markdown_artifact, create_table_artifact
from prefect.cache_policies import NO_CACHE

from extractors.errors import PullquoteError
from flows import steps
from flows.harvest import Harvester, in_process
from flows.order import Order, Outcome
from flows.run import ingested
from flows.runners import harvesting
from flows.serve.manifest import Manifest, read
from flows.settings import Runner, settings_of, warehouse_of
from flows.sources import EMPTY_FOLDER
from flows.summary import failed_checks, markdown_of
from warehouse.report.records import RunReport
from warehouse.validate import prepare


class IngestFailedError(PullquoteError):
    """The run ended, but the user has to look: `outcome` says what happened."""

    def __init__(self, outcome: Outcome) -> None:
        refused = ", ".join(refusal.uri for refusal in outcome.refused[:3])
        detail = f"refused: {refused}" if refused else "the checks let no article in"
        super().__init__("ingest.failed", detail)
        self.outcome = outcome


def report_with_artifacts(report: RunReport, directory: Path) -> Path:
    """The path of the run's report, which the run's page in Prefect shows and links from now on."""
    path = steps.write_report(report, directory)
    create_markdown_artifact(key="ingest", markdown=markdown_of(report), description="the run in figures")
    if failed := failed_checks(report):
        create_table_artifact(key="ingest-failed-checks", table=failed, description="the checks that failed")
    create_link_artifact(key="ingest-report", link=path.resolve().as_uri(), link_text="report of the run")
    return path


extract = task(name="extract", cache_policy=NO_CACHE, persist_result=False)(steps.extract_rows)
check = task(name="check", cache_policy=NO_CACHE, persist_result=False)(steps.check_rows)
load = task(name="load", cache_policy=NO_CACHE, persist_result=False)(steps.load_rows)
publish = task(name="publish", cache_policy=NO_CACHE, persist_result=False)(steps.publish_rows)
report = task(name="report", cache_policy=NO_CACHE, persist_result=False)(report_with_artifacts)

TASKS = steps.Steps(extract=extract, check=check, load=load, publish=publish, report=report)


def completed(order: Order, harvester: Harvester = in_process) -> Outcome:
    """The outcome of an ingest that went well; IngestFailedError, and with it a failed flow run, otherwise."""
    outcome = ingested(order, steps=TASKS, harvester=harvester)
    if is_failure(outcome):
        raise IngestFailedError(outcome)
    return outcome


def is_failure(outcome: Outcome) -> bool:
    """Whether somebody has to look at the flow run; an inbox in which nothing lies is a quiet night."""
    hollow = all(refusal.code == EMPTY_FOLDER for refusal in outcome.refused)
    return outcome.failed and not (hollow and outcome.refused)


@flow(name="ingest", persist_result=False)
def ingest(  # noqa: PLR0913, PLR0917 - what can be asked of a flow are its parameters
    sources: list[str],
    warehouse: str | None = None,
    reports: str | None = None,
    trigger: str = "flow",
    accept: list[str] | None = None,
    manifest: str | None = None,
    workers: int | None = None,
    columns: str | None = None,
    runner: Runner = "local",
) -> Outcome:
    """Bring pages into the warehouse: read, extract, check, load, publish, report.

    A `manifest` stands for the sources: the files of one batch that landed. If it is gone, somebody dealt with it.
    """
    settings = settings_of()
    settings = replace(settings, columns=columns or settings.columns)
    landed = read(Path(manifest)) or Manifest(paths=()) if manifest else Manifest(paths=tuple(sources))
    order = Order(
        sources=landed.paths,
        warehouse=warehouse_of(warehouse) if warehouse else settings.warehouse,
        reports=Path(reports) if reports else settings.reports,
        trigger=trigger,
        settings=settings,
        accept=tuple(accept or ()),
        given_up=landed.given_up,
    )
    with harvesting(settings, workers=workers, runner=runner, meanwhile=prepare) as harvester:
        return completed(order, harvester)
