"""How far a long work is: told through the log, and shown as whoever listens likes (flows/logs.py)."""

import logging
from dataclasses import dataclass

logger = logging.getLogger(__name__)


def told(done: int, total: int | None) -> None:
    """So many inputs of so many are dealt with; `total` is None while nobody knows."""
    of = "" if total is None else f" of {total:,}"
    logger.info("%s inputs done", f"{done:,}{of}", extra={"data": {"done": done, "total": total}})


@dataclass(slots=True, kw_only=True)
class Count:
    """How many of `total` inputs are dealt with, over all runs of one work."""

    total: int | None
    done: int = 0

    def add(self, done: int) -> None:
        """So many more."""
        self.done += done
        told(self.done, self.total)


def step(name: str) -> None:
    """The work has come to the step of this name."""
    logger.debug("step: %s", name, extra={"data": {"step": name}})
