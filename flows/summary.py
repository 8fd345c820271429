"""A run in a few lines: for the terminal and for Prefect's page of the run."""

from dataclasses import replace
from io import StringIO

from rich.console import Console
from rich.table import Table

from flows.order import Outcome
from warehouse.report.records import RunReport
from warehouse.report.story import WORDS, Step, sentences_of, steps_of
from warehouse.report.text import quantity

UNPUBLISHED = "Not published yet: a large warehouse waits PULLQUOTE_PUBLISH_SECONDS from one time to the next."


def text_of(outcome: Outcome, *, width: int = 100) -> str:
    """What the user sees at the end of an ingest: plain text, the funnel as a table where something was new."""
    report = replace(outcome.report, run=outcome.run)
    if report.run.state == "unchanged":
        return "\n".join(_nothing_new(outcome))
    file = StringIO()
    Console(file=file, width=width, color_system=None).print(_funnel(report))
    lines = [f"{WORDS[report.run.state]}. {' '.join(sentences_of(report))}"]
    if outcome.rehearsal:
        lines.append("Rehearsal: nothing was written.")
    if outcome.waiting:
        lines.append(_waiting(outcome))
    if outcome.unpublished:
        lines.append(UNPUBLISHED)
    if outcome.earlier:
        lines.append(_several(outcome))
    if outcome.path:
        lines.append(f"report: {outcome.path}")
    return "\n".join((*(line.rstrip() for line in file.getvalue().splitlines()), *lines))


def _nothing_new(outcome: Outcome) -> list[str]:
    funnel = outcome.report.run.funnel
    if not funnel.unchanged:
        return [f"Nothing to load: {quantity(funnel.sources, 'source')}, none that could be read."]
    known = f"{funnel.unchanged:,} of {quantity(funnel.sources, 'source')}"
    if funnel.unchanged == funnel.sources:
        known = "the only source" if funnel.sources == 1 else f"all {funnel.sources:,} sources"
    lines = [f"No change: {known} known already."]
    if outcome.waiting:
        lines.append(_waiting(outcome))
    if outcome.unpublished:
        lines.append(UNPUBLISHED)
    if outcome.path:
        lines.append(f"last report: {outcome.path}")
    return lines


def _several(outcome: Outcome) -> str:
    index = f", all listed in {outcome.path.with_name('index.html')}" if outcome.path else ""
    return f"In {len(outcome.earlier) + 1} runs of about PULLQUOTE_SLICE_PAGES pages each{index}."


def _waiting(outcome: Outcome) -> str:
    return f"{outcome.waiting:,} in quarantine: pullquote quarantine list"


def markdown_of(report: RunReport) -> str:
    """The run as Markdown; only figures and words of our own, nothing that pages say."""
    verdict = f"**{WORDS[report.run.state]}.** {' '.join(sentences_of(report))}"
    rows = (f"| {step.name} | {step.total:,} | {_shares(step)} |" for step in steps_of(report.run.funnel))
    return "\n".join((verdict, "", "| step | total | of which |", "|---|---:|---|", *rows, ""))


def failed_checks(report: RunReport) -> list[dict[str, str | int]]:
    """The checks that failed, a row each; nothing that pages say."""
    return [
        {
            "table": check.table_name,
            "check": check.name,
            "severity": check.severity,
            "rows": check.unexpected_count,
            "says": check.description,
        }
        for check in report.checks
        if not check.success
    ]


def _funnel(report: RunReport) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column("step")
    table.add_column("total", justify="right")
    table.add_column("of which")
    for step in steps_of(report.run.funnel):
        table.add_row(step.name, f"{step.total:,}", _shares(step))
    return table


def _shares(step: Step) -> str:
    return ", ".join(f"{share.count:,} {share.name}" for share in step.shares if share.count) or "-"
