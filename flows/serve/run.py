"""All of `serve` in one process and its children: station, watch and HTTP inbox, from start to a clean end."""

import logging
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread

import uvicorn
from prefect.settings import PREFECT_API_URL

from flows.inbox.app import app_of, desk_of
from flows.inbox.listen import server_of
from flows.inbox.parcel import tidy
from flows.serve.emit import Emitting
from flows.serve.station import Places, Station
from flows.settings import Settings
from flows.watch.loop import Watch, watch_of

logger = logging.getLogger(__name__)

LAST_SECONDS = 60.0  # for the batch in hand, when told to stop


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where the HTTP inbox listens, and where the Prefect server does if it is ours."""

    host: str
    port: int
    prefect_port: int


@dataclass(slots=True, kw_only=True)
class Service:
    """Runs until `stop`; `failed` says whether it ended for another reason."""

    places: Places
    done: Path | None
    address: Address
    settings: Settings
    failed: bool = False
    _stopping: bool = False
    _listening: uvicorn.Server | None = None
    _gone: Event = field(default_factory=Event)

    def run(self) -> None:
        """Start everything, serve, and end everything. To be called from the main thread."""
        tidy(self.places.inbox)
        station = Station(
            places=self.places,
            port=self.address.prefect_port,
            joined=PREFECT_API_URL.value(),
            sweep_cron=self.settings.sweep_cron,
        )
        with station:
            deal = Emitting(api=station.api, warehouse=self.places.warehouse, gone=self._gone)
            watch = watch_of(self.places.inbox, done=self.done, deal=deal, settings=self.settings)
            watching = Thread(target=self._watch, args=(watch,), name="watch")
            desk = desk_of(
                self.places.inbox,
                warehouse=self.places.warehouse,
                done=self.done,
                settings=self.settings,
                health=lambda: _health(station, watch, watching),
            )
            self._listening = server_of(app_of(desk), host=self.address.host, port=self.address.port)
            watching.start()
            try:
                if not self._stopping:
                    logger.info("serving %s on %s port %d", self.places.inbox, self.address.host, self.address.port)
                    self._listening.run()
            finally:
                watch.stop()
                watching.join(LAST_SECONDS)
                self._gone.set()
                watching.join()
        logger.info("stopped: %d files dealt with, %d given up", watch.counts.done, watch.counts.given_up)

    def stop(self) -> None:
        """End it; safe in a signal handler, also while it starts."""
        self._stopping = True
        if self._listening is None:
            raise SystemExit(0)
        self._listening.should_exit = True

    def _watch(self, watch: Watch) -> None:
        try:
            watch.run()
        except Exception:
            logger.exception("the watch ended")
            self.failed = True
            if self._listening:
                self._listening.should_exit = True


def _health(station: Station, watch: Watch, watching: Thread) -> dict[str, object]:
    """What runs and what does not, and how much waits."""
    return {
        "prefect": station.api.answers(),
        "worker": station.worker.lives,
        "watch": watching.is_alive(),
        "waiting": len(watch.backlog),
        "done": watch.counts.done,
        "given_up": watch.counts.given_up,
    }
