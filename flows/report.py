"""Where the reports of past runs are."""

from pathlib import Path

from extractors.errors import PullquoteError

LATEST = "latest"


def last_report(directory: Path) -> Path | None:
    """The newest report: their names start with the moment the run began."""
    found = _reports_in(directory)
    return found[-1] if found else None


def report_named(run: str, directory: Path) -> Path:
    """The report of a run, by its id or the beginning of it, or by "latest".

    PullquoteError report.missing, report.ambiguous.
    """
    if run == LATEST:
        newest = last_report(directory)
        if newest is None:
            raise PullquoteError("report.missing", f"there is no report in {directory} yet")
        return newest
    short = run.replace("-", "").lower()[:8]
    found = [path for path in _reports_in(directory) if path.stem.rpartition("-")[2].startswith(short)]
    if not short or not found:
        raise PullquoteError("report.missing", f"no report of run {run} in {directory}")
    if len(found) > 1:
        raise PullquoteError("report.ambiguous", f"{len(found)} runs begin with {run}: give more of the id")
    return found[0]


def point_latest_to(path: Path) -> None:
    """`latest.html` beside the reports becomes a link to this one; PullquoteError report.unwritable."""
    waiting = path.with_name(f".{LATEST}.tmp")
    try:
        waiting.unlink(missing_ok=True)
        waiting.symlink_to(path.name)
        waiting.replace(path.with_name(f"{LATEST}.html"))
    except OSError as error:
        raise PullquoteError("report.unwritable", f"cannot link {path}: {error.strerror or error}") from error


def _reports_in(directory: Path) -> list[Path]:
    return sorted(path for path in directory.glob("*.html") if path.stem != LATEST)
