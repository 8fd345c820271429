"""The environment as one frozen record; no other module reads it."""

import base64
import hashlib
import math
import os
from collections.abc import Mapping, MutableMapping
from dataclasses import Field, dataclass, field, fields
from importlib import resources
from pathlib import Path
from typing import Any, Literal

from extractors.errors import PullquoteError
from warehouse.store import Access, Store, store_of

PREFIX = "PULLQUOTE_"

Runner = Literal["local", "dask"]

# A task is a batch: Prefect spends 4–18 ms on each task, extraction a few ms on each page.
BATCH_PAGES = 200

BATCH_GC = (100_000, 20, 20)  # an ingest makes much and drops little: a fifth of its time went into looking for garbage

# Prefect's own defaults are 20 s, which a small machine with a new PREFECT_HOME needs nearly all of.
SERVER_STARTUP_SECONDS = 120

PREFECT_DEFAULTS = {
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": str(SERVER_STARTUP_SECONDS),
}
# What goes wrong is raised to the command, which says it in one line.
QUIET_PREFECT = {"PREFECT_LOGGING_LEVEL": "CRITICAL", "PREFECT_LOGGING_TO_API_WHEN_MISSING_FLOW": "ignore"}
# A run that an event starts shall begin within a second, tell its page in the interface what it does, and wait for its
# turn however long the run before it takes.
SERVING_PREFECT = {
    "PREFECT_LOGGING_LEVEL": "WARNING",
    "PREFECT_LOGGING_EXTRA_LOGGERS": "flows,warehouse",
    "PREFECT_WORKER_QUERY_SECONDS": "1",
    "PREFECT_RUNNER_POLL_FREQUENCY": "1",
    "PREFECT_CLI_PROMPT": "false",
    "PULLQUOTE_BUSY_SECONDS": "3600",
}


def _means(meaning: str, *, secret: bool = False, kind: type | None = None, least: int = 1) -> dict[str, object]:
    return {"meaning": meaning, "secret": secret, "kind": kind, "least": least}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Where things are and how patient to be; every field can be set as PULLQUOTE_<NAME> in the environment.

    Counts are at least 1, times at least 0.
    """

    warehouse: Store = field(
        default=Path("pullquote.duckdb"), metadata=_means("the warehouse: a file, or a lake as ducklake:…")
    )
    reports: Path = field(default=Path("reports"), metadata=_means("the folder of the reports"))
    columns: str | None = field(
        default=None,
        metadata=_means("which columns of JSON Lines and Parquet hold a page, as in `content=raw url=link`"),
    )
    captures: str | None = field(
        default=None, metadata=_means("the folder of the captures; not set: beside the warehouse")
    )
    capture_bytes: int = field(default=256_000_000, metadata=_means("where a file of captures ends, in bytes"))
    copy_archives: int = field(
        default=0,
        metadata=_means(
            "1: captures also of pages in WARC files that a command names; else those files are their captures and must stay",
            least=0,
        ),
    )
    workers: int | None = field(
        default=None,
        metadata=_means(
            "worker processes that extract; not set: one for each core; 0: none, and no fence holds a page that hangs",
            kind=int,
            least=0,
        ),
    )
    page_seconds: float = field(
        default=30.0, metadata=_means("processor time that a page may take before it is quarantined")
    )
    worker_bytes: int = field(
        default=2_000_000_000, metadata=_means("memory that a worker process may take, in bytes", least=100_000_000)
    )
    slice_pages: int = field(
        default=1_000, metadata=_means("pages after which an ingest checks, loads and reports, and then goes on")
    )
    scheduler: str | None = field(
        default=None,
        metadata=_means("--runner dask: the address of a Dask scheduler; not set: workers of this machine"),
    )
    parts: str | None = field(
        default=None,
        metadata=_means("--runner dask: a folder or s3://… that all workers see; not set: a folder of this machine"),
    )
    busy_seconds: float = field(default=60.0, metadata=_means("how long to wait for another writer of the warehouse"))
    publish_seconds: float = field(
        default=0.0, metadata=_means("how long a large warehouse waits from one publication to the next")
    )
    publish_bytes: int = field(default=100_000_000, metadata=_means("what is a large warehouse, in bytes"))
    query_seconds: float = field(default=30.0, metadata=_means("how long a question may take"))
    query_memory: str = field(default="1GB", metadata=_means("how much memory a question may take"))
    query_rows: int = field(default=10_000, metadata=_means("how many rows an answer may have"))
    batch_pages: int = field(default=200, metadata=_means("watch: files in a batch at most"))
    batch_bytes: int = field(
        default=16_000_000, metadata=_means("watch: bytes in a batch at most, a larger file is one of its own")
    )
    batch_seconds: float = field(
        default=0.3, metadata=_means("watch: how long a file that is ready may wait for others")
    )
    settle_seconds: float = field(default=0.3, metadata=_means("watch: how long a file must not have changed"))
    sweep_seconds: float = field(default=300.0, metadata=_means("watch: how often to look through the whole inbox"))
    attempts: int = field(
        default=5,
        metadata=_means("watch: how often to try a failing file, with doubling pauses, before its quarantine"),
    )
    sweep_cron: str = field(default="*/15 * * * *", metadata=_means("serve: when to ingest what events missed, in UTC"))
    http_token: str | None = field(
        default=None,
        metadata=_means("HTTP inbox: the bearer token; without one it serves this machine only", secret=True),
    )
    http_page_bytes: int = field(default=10_000_000, metadata=_means("HTTP inbox: bytes of a page at most"))
    http_post_bytes: int = field(default=100_000_000, metadata=_means("HTTP inbox: bytes of a post at most"))
    http_post_pages: int = field(default=1_000, metadata=_means("HTTP inbox: pages in a post at most"))
    http_rate: float = field(default=100.0, metadata=_means("HTTP inbox: posts a second from one address"))
    http_body_seconds: float = field(default=30.0, metadata=_means("HTTP inbox: how long a body may take to come"))
    fetch_contact: str | None = field(
        default=None, metadata=_means("fetching: an address where owners of sites can reach you, told to their servers")
    )
    fetch_allow: str | None = field(
        default=None,
        metadata=_means("fetching: networks besides public ones that may be asked, as 127.0.0.1/32,10.1.0.0/16"),
    )
    fetch_bytes: int = field(default=20_000_000, metadata=_means("fetching: bytes of an answer at most, also unpacked"))
    fetch_seconds: float = field(default=60.0, metadata=_means("fetching: how long one answer may take in all"))
    fetch_pause: float = field(
        default=1.0,
        metadata=_means("fetching: seconds between two questions to a host, if its robots.txt wants no more"),
    )
    fetch_patience: float = field(
        default=60.0,
        metadata=_means("fetching: how long a host may make us wait before its pages are left for the next run"),
    )
    fetch_attempts: int = field(default=3, metadata=_means("fetching: how often to ask when a server fails or is busy"))
    fetch_pages: int = field(
        default=10_000, metadata=_means("fetching: pages that feeds and sitemaps may lead to in one run")
    )
    fetch_hosts: int = field(default=8, metadata=_means("fetching: hosts that are asked at the same time"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """One setting as `pullquote settings` shows it; a secret value is not told."""

    variable: str
    value: str
    source: Literal["environment", "default"]
    meaning: str


DEFAULTS = Settings()


def settings_of(environ: Mapping[str, str] = os.environ) -> Settings:
    """The settings; PullquoteError "settings.unknown" or "settings.malformed" names a variable that is not one."""
    known = {variable_of(entry): entry for entry in fields(Settings)}
    given: dict[str, object] = {}
    for variable in sorted(name for name in environ if name.startswith(PREFIX)):
        if variable not in known:
            raise PullquoteError("settings.unknown", f"{variable} is no setting; there are {', '.join(known)}")
        entry = known[variable]
        try:
            given[entry.name] = (
                warehouse_of(environ[variable], environ)
                if entry.name == "warehouse"
                else _read(environ[variable], entry)
            )
        except ValueError as error:
            raise PullquoteError("settings.malformed", f"{variable}: {error}") from None
    return Settings(**given)  # type: ignore[arg-type]  # each value came out of its field's reader


def warehouse_of(text: str, environ: Mapping[str, str] = os.environ) -> Store:
    """The warehouse at an address, with what the environment says of object stores as their own tools have it.

    PullquoteError warehouse.address.
    """
    captures = environ.get(f"{PREFIX}CAPTURES")
    access = Access(
        endpoint=environ.get("AWS_ENDPOINT_URL_S3") or environ.get("AWS_ENDPOINT_URL"),
        region=environ.get("AWS_REGION") or environ.get("AWS_DEFAULT_REGION"),
        key=environ.get("AWS_ACCESS_KEY_ID"),
        secret=environ.get("AWS_SECRET_ACCESS_KEY"),
        token=environ.get("AWS_SESSION_TOKEN"),
    )
    return store_of(text, local=Path(captures).expanduser().resolve() if captures else None, access=access)


def origins_of(environ: Mapping[str, str] = os.environ) -> tuple[Origin, ...]:
    """Every setting with its value and where that came from."""
    settings = settings_of(environ)
    return tuple(
        Origin(
            variable=variable_of(entry),
            value=_told(entry, getattr(settings, entry.name)),
            source="environment" if variable_of(entry) in environ else "default",
            meaning=entry.metadata["meaning"],
        )
        for entry in fields(Settings)
    )


def variable_of(entry: Field[Any]) -> str:
    """The variable of the environment that sets a field."""
    return PREFIX + entry.name.upper()


def _read(text: str, entry: Field[Any]) -> object:
    kind: Any = entry.metadata["kind"] or type(entry.default)
    if kind not in (int, float):
        return text if kind is type(None) else kind(text)
    number: float = kind(text)
    least = entry.metadata["least"] if kind is int else 0
    if not least <= number < math.inf:
        raise ValueError(f"{text} is not a number from {least} on")
    return number


def _told(entry: Field[Any], value: object) -> str:
    if value is None:
        return "-"
    return "(set)" if entry.metadata["secret"] else f"{value:g}" if isinstance(value, float) else str(value)


def prepare_prefect(*, debug: bool, environ: MutableMapping[str, str] = os.environ) -> None:
    """Prefect's defaults for this program, before it is imported; what the user has set stays as it is."""
    for name, value in (PREFECT_DEFAULTS if debug else PREFECT_DEFAULTS | QUIET_PREFECT).items():
        environ.setdefault(name, value)


def with_prefect(url: str, environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """What the Prefect processes of `serve` get on top of the environment; what the user has set stays as it is."""
    ours = PREFECT_DEFAULTS | SERVING_PREFECT | {"PREFECT_API_URL": url}
    return {name: environ.get(name, value) for name, value in ours.items()}


def prefect_headers(environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """What a Prefect server that asks who we are wants to see."""
    if key := environ.get("PREFECT_API_KEY"):
        return {"Authorization": f"Bearer {key}"}
    if words := environ.get("PREFECT_API_AUTH_STRING"):
        return {"Authorization": f"Basic {base64.b64encode(words.encode()).decode()}"}
    return {}


def config_hash() -> str:
    """16 hex digits that change when the checks change: with the extractor's version, what decides over a row."""
    digest = hashlib.sha256()
    for folder in ("expectations", "rules"):
        for entry in sorted((resources.files("warehouse") / folder).iterdir(), key=lambda entry: entry.name):
            if entry.name.endswith(".json"):
                digest.update(entry.name.encode() + b"\0" + entry.read_bytes())
    return digest.hexdigest()[:16]
