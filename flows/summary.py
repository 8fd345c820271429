"""A run in a few lines: for the terminal and for Prefect's page of the run."""

from io import StringIO

from rich.console import Console
from rich.table import Table

from flows.run import Outcome
from warehouse.report.records import RunReport
from warehouse.report.story import WORDS, sentences_of, steps_of


def text_of(outcome: Outcome, *, width: int = 100) -> str:
    """The lines the user sees at the end of an ingest; plain text, the funnel as a table where there is something new."""
    if outcome.report.run.state == "unchanged":
        return "\n".join(_nothing_new(outcome))
    console = Console(file=StringIO(), width=width, color_system=None)
    console.print(_funnel(outcome.report), highlight=False, markup=False)
    lines = [f"{WORDS[outcome.report.run.state]}. {' '.join(sentences_of(outcome.report))}"]
    if outcome.rehearsal:
        lines.append("Rehearsal: nothing was written.")
    if outcome.waiting:
        lines.append(f"{outcome.waiting:,} in quarantine: pullquote query --saved refused")
    if outcome.path:
        lines.append(f"report: {outcome.path}")
    file = console.file
    return (file.getvalue() if isinstance(file, StringIO) else "") + "\n".join(lines)


def _nothing_new(outcome: Outcome) -> list[str]:
    funnel = outcome.report.run.funnel
    lines = [f"No change: {funnel.unchanged:,} of {funnel.sources:,} sources known already, nothing new in the others."]
    if funnel.unchanged == funnel.sources:
        lines = [f"No change: all {funnel.sources:,} sources are known already."]
    if outcome.waiting:
        lines.append(f"{outcome.waiting:,} in quarantine: pullquote query --saved refused")
    if outcome.path:
        lines.append(f"last report: {outcome.path}")
    return lines


def markdown_of(report: RunReport) -> str:
    """The run as Markdown; only figures and words of our own, nothing that pages say."""
    lines = [
        f"**{WORDS[report.run.state]}.** {' '.join(sentences_of(report))}",
        "",
        "| step | total | of which |",
        "|---|---:|---|",
    ]
    for step in steps_of(report.run.funnel):
        lines.append(
            f"| {step.name} | {step.total:,} | {', '.join(f'{share.count:,} {share.name}' for share in step.shares)} |"
        )
    return "\n".join(lines) + "\n"


def _funnel(report: RunReport) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column("step")
    table.add_column("total", justify="right")
    table.add_column("of which")
    for step in steps_of(report.run.funnel):
        shares = ", ".join(f"{share.count:,} {share.name}" for share in step.shares if share.count)
        table.add_row(step.name, f"{step.total:,}", shares or "-")
    return table
