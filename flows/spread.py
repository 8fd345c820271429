"""Jobs on the workers of a Dask cluster: they take them from a store and leave the rows there as Parquet parts.

Pages and rows go through the store, a folder that all machines share or an object store, and not through the
scheduler, which hears only where things are. A worker that dies loses nothing: its job lies in the store, and Dask
gives it to another one. Within a worker a page has the same fences as on one machine.
"""

import atexit
import logging
import pickle
import tempfile
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, replace
from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING
from uuid import uuid4

import fsspec
import pyarrow as pa
import pyarrow.parquet as pq

from extractors.errors import PullquoteError
from extractors.extract import EXTRACTOR_VERSION
from flows.harvest import Harvest, Job
from flows.pool.pool import Pool
from flows.pool.worker import Fences, fences_of
from flows.settings import Settings

if TYPE_CHECKING:
    from distributed import Client, Future

AHEAD = 2  # jobs under way for each core of the cluster
TICK = 1.0  # seconds between two looks at a job that takes long
GATHERED_SECONDS = 60  # how long a scheduler may take to answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What became of a job: where the rows of each table are, and the harvest without them."""

    rest: Harvest
    places: Mapping[str, str]
    version: str


@contextmanager
def spreading(settings: Settings, *, workers: int, meanwhile: Callable[[], object] | None = None) -> Iterator["Spread"]:
    """A harvester on the cluster that the settings name, or on one of this machine with that many workers.

    It is begun with the first page, and then `meanwhile` is called: for what the caller has to prepare anyway.
    PullquoteError runner.missing (no Dask here), runner.parts (no place that all machines of the cluster see).
    """
    if find_spec("distributed") is None:
        raise PullquoteError("runner.missing", "--runner dask needs the extra pullquote[dask]")
    if settings.scheduler and not settings.parts:
        detail = "PULLQUOTE_PARTS has to name a folder or an object store that all machines of the cluster see"
        raise PullquoteError("runner.parts", detail)
    with ExitStack() as stack:
        yield Spread(settings=settings, workers=workers, stack=stack, meanwhile=meanwhile)


@dataclass(slots=True, kw_only=True)
class Spread:
    """A harvester: jobs out to the cluster, harvests back in the order of the jobs, a bounded number under way."""

    settings: Settings
    workers: int
    stack: ExitStack
    meanwhile: Callable[[], object] | None = None
    _client: "Client | None" = None
    _folder: str = ""

    def __call__(self, jobs: Iterable[Job]) -> Iterator[Harvest | None]:
        """PullquoteError runner.unreachable, runner.lost if workers keep dying, runner.version if they are of another."""
        coming = iter(jobs)
        under_way: deque[tuple[str, Future[Parts]]] = deque()
        try:
            while True:
                while len(under_way) < AHEAD * self._cores() and (job := next(coming, None)) is not None:
                    under_way.append(self._sent(job))
                if not under_way:
                    return
                place, future = under_way[0]
                while not _is_over(future):
                    yield None
                harvest = self._gathered(future)
                under_way.popleft()
                _removed(place)
                yield harvest
        finally:
            for place, future in under_way:
                future.cancel()
                _removed(place)

    def _begun(self) -> "Client":
        """The client of the cluster, which is started or found when it is first needed."""
        if self._client is None:
            self._client = self.stack.enter_context(_client_of(self.settings.scheduler, self.workers))
            self._folder = self.settings.parts or self.stack.enter_context(
                tempfile.TemporaryDirectory(prefix="pullquote-parts-", ignore_cleanup_errors=True)
            )
        return self._client

    def _sent(self, job: Job) -> tuple[str, "Future[Parts]"]:
        client = self._begun()
        place = f"{self._folder.rstrip('/')}/{job.run_id}-{uuid4()}.job"
        _write(place, pickle.dumps(job, pickle.HIGHEST_PROTOCOL))
        future = client.submit(parts_of, place, fences_of(self.settings), pure=False)
        if self.meanwhile:
            prepare, self.meanwhile = self.meanwhile, None
            prepare()
        return place, future

    def _gathered(self, future: "Future[Parts]") -> Harvest:
        from distributed import KilledWorker

        try:
            parts: Parts = future.result()
        except KilledWorker as error:
            raise PullquoteError("runner.lost", "the workers of the cluster die, one after another") from error
        if parts.version != EXTRACTOR_VERSION:
            detail = f"a worker of the cluster has the extractor {parts.version}, this is {EXTRACTOR_VERSION}"
            raise PullquoteError("runner.version", detail)
        tables = {name: _read(place).cast(parts.rest.tables[name].schema) for name, place in parts.places.items()}
        for place in parts.places.values():
            _removed(place)
        return replace(parts.rest, tables=tables)

    def _cores(self) -> int:
        """Of the cluster as it is now; before it is begun as many as it will have."""
        return max(1, sum(self._client.ncores().values())) if self._client else self.workers


@contextmanager
def _client_of(scheduler: str | None, workers: int) -> Iterator["Client"]:
    from distributed import Client, LocalCluster

    logging.getLogger("distributed").setLevel(logging.ERROR)  # Prefect would show each worker's coming and going
    if scheduler is None:
        machine = LocalCluster(
            n_workers=workers, threads_per_worker=1, silence_logs="CRITICAL", scheduler_kwargs={"dashboard": False}
        )
        with machine, closing(Client(machine)) as client:  # as a context it would have to end in the thread it began in
            yield client
        return
    try:
        client = Client(scheduler, timeout=GATHERED_SECONDS)
    except (OSError, TimeoutError, ValueError) as error:
        raise PullquoteError("runner.unreachable", f"no Dask scheduler answers at {scheduler}") from error
    with closing(client):
        yield client


def _is_over(future: "Future[Parts]") -> bool:
    """Whether a job has come to its end, well or not; waits for that for TICK seconds."""
    from distributed import wait

    try:
        wait([future], timeout=TICK)
    except TimeoutError:
        return False
    return True


def parts_of(place: str, fences: Fences) -> Parts:
    """On a worker: do the job that lies at a place and leave its rows beside it.

    Each attempt writes places of its own, so that what a worker left half-written is never read.
    """
    with fsspec.open(place, "rb") as file:
        job: Job = pickle.load(file)  # noqa: S301 - written by the ingest, which may run what it likes here anyway
    (harvest,) = filter(None, _pool(fences)([job]))
    start = f"{place}.{uuid4()}"
    places = {}
    for name, table in harvest.tables.items():
        places[name] = f"{start}.{name}.parquet"
        with fsspec.open(places[name], "wb") as file:
            pq.write_table(table, file, compression="zstd")
    none = {name: table.slice(0, 0) for name, table in harvest.tables.items()}
    return Parts(rest=replace(harvest, tables=none), places=places, version=EXTRACTOR_VERSION)


@cache
def _pool(fences: Fences) -> Pool:
    """The fenced process of this worker, as long as the worker lives."""
    pool = Pool(workers=1, fences=fences)
    atexit.register(pool.__exit__)
    return pool


def _write(place: str, data: bytes) -> None:
    store, path = fsspec.core.url_to_fs(place)
    store.makedirs(path.rpartition("/")[0], exist_ok=True)
    with store.open(path, "wb") as file:
        file.write(data)


def _read(place: str) -> pa.Table:
    with fsspec.open(place, "rb") as file:
        return pq.read_table(file)


def _removed(place: str) -> None:
    store, path = fsspec.core.url_to_fs(place)
    with suppress(OSError):  # who removes it twice has what they want
        store.rm(path)
