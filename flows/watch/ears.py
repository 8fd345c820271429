"""What the system tells of changes in a folder, collected until somebody asks; a wake-up, never the truth."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Lock, Thread

from watchfiles import Change, watch

logger = logging.getLogger(__name__)

STEP = 20  # ms without a change after which changes are told; a burst of renames comes as one
DEBOUNCE = 200  # ms after which they are told in any case
TIMEOUT = 1_000  # ms after which a stop is noticed
MOST_HEARD = 20_000  # names kept; beyond, only that there were more


@dataclass(slots=True)
class Ears:
    """Listens to a folder and all below it in a thread; sets `wake` when something changed.

    A folder that cannot be listened to (no such events there, or too many folders) is told once; sweeps find the rest.
    """

    folder: Path
    wake: Event
    _lock: Lock = field(default_factory=Lock)
    _stop: Event = field(default_factory=Event)
    _heard: dict[str, None] = field(default_factory=dict)
    _missed: bool = False

    def start(self) -> None:
        """Begin to listen."""
        Thread(target=self._listen, name=f"ears on {self.folder}", daemon=True).start()

    def stop(self) -> None:
        """Listen no more; the thread ends within TIMEOUT."""
        self._stop.set()

    def heard(self) -> tuple[list[str], bool]:
        """The paths that changed since the last call, and whether there were more than could be kept."""
        with self._lock:
            answer = list(self._heard), self._missed
            self._heard, self._missed = {}, False
        return answer

    def _listen(self) -> None:
        try:
            for changes in watch(
                self.folder,
                watch_filter=None,
                step=STEP,
                debounce=DEBOUNCE,
                rust_timeout=TIMEOUT,
                stop_event=self._stop,
                raise_interrupt=False,
                ignore_permission_denied=True,
            ):
                self._note(path for change, path in changes if change != Change.deleted)
        except (OSError, RuntimeError) as error:  # what watchfiles raises: no such folder, too many watches
            logger.warning("cannot listen to %s, only look through it now and then: %s", self.folder, error)

    def _note(self, paths: Iterable[str]) -> None:
        with self._lock:
            for path in paths:
                if len(self._heard) < MOST_HEARD:
                    self._heard[path] = None
                else:
                    self._missed = True
        self.wake.set()
