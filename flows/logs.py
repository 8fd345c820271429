"""What commands tell while they work, on stderr: a bar on a terminal, plain lines in a pipe, JSON on demand."""

import json
import logging
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Literal

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from flows import progress
from warehouse.report.text import visible

LOGGERS = ("flows", "warehouse")
EVERY = 10.0  # seconds between two lines of progress in a pipe; a short work tells none

Format = Literal["text", "json"]


@contextmanager
def telling(form: Format, *, title: str, endless: bool = False) -> Iterator[None]:
    """What flows and warehouse log goes to stderr meanwhile; `title` stands before the bar of a terminal.

    An `endless` work has the time before its plain lines, and tells of its batches itself, so that its runs need not.
    """
    handler = _handler(form, title=title, times=endless)
    handler.addFilter(_Seldom(at_all=not endless, every=0.0 if isinstance(handler, _Bar) else EVERY))
    loggers = [logging.getLogger(name) for name in LOGGERS]
    before = [(logger.level, logger.propagate) for logger in loggers]
    for logger in loggers:
        logger.addHandler(handler)
        logger.setLevel(logging.DEBUG if isinstance(handler, _Bar) else logging.INFO)
        logger.propagate = False  # Prefect would print the same again
    try:
        yield
    finally:
        for logger, (level, propagate) in zip(loggers, before, strict=True):
            logger.removeHandler(handler)
            logger.setLevel(level)
            logger.propagate = propagate
        handler.close()


def json_line(record: logging.LogRecord) -> str:
    """The record as one line of JSON: time, level, logger, message, and what it has as `data`."""
    line: dict[str, object] = {
        "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
        "level": record.levelname.lower(),
        "logger": record.name,
        "message": record.getMessage(),
    }
    line |= _data(record)
    if record.exc_info:
        line["traceback"] = logging.Formatter().formatException(record.exc_info)
    return json.dumps(line, ensure_ascii=False, default=str).encode("utf-8", "replace").decode()


def _handler(form: Format, *, title: str, times: bool) -> logging.Handler:
    if form == "text" and sys.stderr.isatty():
        return _Bar(title)
    handler = logging.StreamHandler()
    handler.setFormatter(_Json() if form == "json" else _Line(times=times))
    return handler


def _data(record: logging.LogRecord) -> dict[str, object]:
    found = getattr(record, "data", None)
    return found if isinstance(found, dict) else {}


class _Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return json_line(record)


class _Line(logging.Formatter):
    """One line that cannot steer the terminal."""

    def __init__(self, *, times: bool) -> None:
        super().__init__()
        self._times = times

    def format(self, record: logging.LogRecord) -> str:
        time_of = f"{datetime.fromtimestamp(record.created, UTC):%Y-%m-%d %H:%M:%SZ} " if self._times else "pullquote: "
        return time_of + visible(" ".join(record.getMessage().split()))


class _Seldom(logging.Filter):
    """Lets the progress of runs through `every` so many seconds, or not `at_all`."""

    def __init__(self, *, at_all: bool, every: float) -> None:
        super().__init__()
        self._at_all = at_all
        self._every = every
        self._next = time.monotonic() + every

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name != progress.__name__ or record.levelno < logging.INFO:
            return True
        now = time.monotonic()
        if not self._at_all or now < self._next:
            return False
        self._next = now + self._every
        return True


class _Rate(ProgressColumn):
    def render(self, task: Task) -> Text:
        return Text(f"{task.speed:.1f}/s" if task.speed else "", style="progress.data.speed")


class _Bar(logging.Handler):
    """A bar with rate and remaining time; other messages go above it."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self._title = title
        self._bar = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            _Rate(),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            transient=True,
        )
        self._task = self._bar.add_task(title, total=None)
        self._done = 0
        self._bar.start()

    def emit(self, record: logging.LogRecord) -> None:
        data = _data(record)
        done, total, step = data.get("done"), data.get("total"), data.get("step")
        if isinstance(done, int):
            if done < self._done:
                self._bar.reset(self._task)
            self._done = done
            self._bar.update(self._task, completed=done, total=total if isinstance(total, int) else None)
        elif isinstance(step, str):
            self._bar.update(self._task, description=f"{self._title}: {step}")
        elif record.levelno >= logging.INFO:
            self._bar.console.print(Text(_Line(times=False).format(record)))

    def close(self) -> None:
        self._bar.stop()
        super().close()
