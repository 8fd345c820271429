"""The processes of `serve`: a Prefect server, if none is configured, and a warm worker; looked after, and gone at the end."""

import ctypes
import logging
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread
from typing import Self

from ruamel.yaml import YAML

from extractors.errors import PullquoteError
from flows.serve.api import Api
from flows.settings import with_prefect
from flows.watch.deal import NotNowError
from warehouse.store import Store

logger = logging.getLogger(__name__)

ROOT = Path(__file__).parent.parent.parent  # of the checkout: entrypoints of deployments start there
DEPLOYMENTS = ROOT / "deployments" / "prefect.yaml"
STARTUP_SECONDS = 600.0  # for a server that lives but does not answer yet: a new one makes its database first
POLL = 0.2  # seconds between two looks at a process
STOP_SECONDS = 20.0  # to end when told, before it is ended
LONGEST_PAUSE = 60.0  # seconds before a process that keeps dying is started again
PR_SET_PDEATHSIG = 1  # linux/prctl.h


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Where the deployments find and leave things, whatever folder they run in."""

    inbox: Path
    warehouse: Store
    reports: Path

    @property
    def parameters(self) -> dict[str, object]:
        """The same as parameters of a flow."""
        return {"sources": [str(self.inbox)], "warehouse": str(self.warehouse), "reports": str(self.reports)}


@dataclass(slots=True, kw_only=True)
class Child:
    """A process of ours; it ends when this process does, however that happens."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str]
    deaths: int = 0
    process: subprocess.Popen[bytes] | None = None

    @property
    def lives(self) -> bool:
        """Whether it runs."""
        return self.process is not None and self.process.poll() is None

    def start(self) -> None:
        """Start it in a process group of its own: Ctrl-C is for us, and we tell it."""
        self.process = subprocess.Popen(  # noqa: S603 - our own command
            (sys.executable, "-m", *self.command),
            stdin=subprocess.DEVNULL,
            stdout=sys.stderr.fileno(),
            env={**os.environ, **self.environment},
            cwd=ROOT,
            start_new_session=True,
            preexec_fn=_die_with_parent,  # noqa: PLW1509 - nothing but one system call
        )

    def stop(self) -> None:
        """End it, and then whatever it left behind."""
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            logger.warning("the %s does not end; killing it", self.name)
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@dataclass(slots=True, kw_only=True)
class Station:
    """A server with our deployments and a worker. `with station:` starts them, and ends what it started."""

    places: Places
    port: int
    joined: str | None
    sweep_cron: str
    server: Child | None = None
    worker: Child = field(init=False)
    api: Api = field(init=False)
    _over: Event = field(default_factory=Event)
    _supervisor: Thread | None = None

    def __post_init__(self) -> None:
        url = self.joined or f"http://127.0.0.1:{self.port}/api"
        self.api = Api(url=url)
        environment = with_prefect(url)
        if not self.joined:
            command = ("prefect", "server", "start", "--host", "127.0.0.1", "--port", str(self.port))
            self.server = Child(name="Prefect server", command=command, environment=environment)
        self.worker = Child(name="worker", command=("flows.serve.worker",), environment=environment)

    def __enter__(self) -> Self:
        try:
            self._begin()
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def _begin(self) -> None:
        if self.server:
            if self.api.answers():
                raise PullquoteError(
                    "server.taken", f"a Prefect server runs on port {self.port} already: join it with PREFECT_API_URL"
                )
            self.server.start()
        self._wait_for_server()
        self.register()
        self._tidy()
        self.worker.start()
        self._supervisor = Thread(target=self._look_after, name="supervisor", daemon=True)
        self._supervisor.start()

    def _end(self) -> None:
        self._over.set()
        if self._supervisor:
            self._supervisor.join()
        self.worker.stop()
        if self.server:
            self.server.stop()

    def register(self) -> None:
        """Bring the work pool and the deployments of the shipped file to the server, with our places."""
        yaml = YAML(typ="safe")
        document = yaml.load(DEPLOYMENTS)
        for deployment in document["deployments"]:
            given = deployment.setdefault("parameters", {})
            given |= {name: value for name, value in self.places.parameters.items() if name in given}
            for schedule in deployment.get("schedules", ()):
                if schedule["slug"] == "sweep":
                    schedule["cron"] = self.sweep_cron
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "prefect.yaml"
            yaml.dump(document, path)
            self.api.make_pool()
            self._called("--no-prompt", "deploy", "--prefect-file", str(path), "--all")

    def _called(self, *arguments: str) -> None:
        done = subprocess.run(  # noqa: S603 - our own command
            (sys.executable, "-m", "prefect", *arguments),
            env={**os.environ, **with_prefect(self.api.url)},
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            said = (done.stderr + done.stdout).strip().splitlines() or ["it said nothing"]
            raise PullquoteError("server.register", f"prefect {' '.join(arguments[:2])} failed: {said[-1]}")

    def _wait_for_server(self) -> None:
        until = time.monotonic() + STARTUP_SECONDS
        while not self.api.answers():
            if (self.server and not self.server.lives) or time.monotonic() > until:
                raise PullquoteError("server.failed", f"no Prefect server answers at {self.api.url}")
            time.sleep(POLL)

    def _tidy(self) -> None:
        with suppress(NotNowError):
            orphans, late = self.api.crash_orphans(), self.api.drop_late()
            logger.info("%d runs of a dead worker closed, %d late ones dropped", orphans, late)

    def _look_after(self) -> None:
        """Start again what died; the longer the pause, the more often it did."""
        while not self._over.wait(1.0):
            for child in filter(None, (self.server, self.worker)):
                if child.lives:
                    continue
                pause = min(2.0**child.deaths, LONGEST_PAUSE)
                logger.error("the %s died; starting it again in %g s", child.name, pause)
                child.deaths += 1
                if self._over.wait(pause):
                    return
                if child is self.worker:
                    self._tidy()
                child.start()


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
