"""The environment as one frozen record; no other module reads it."""

import hashlib
import os
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from extractors.errors import PullquoteError

PREFIX = "PULLQUOTE_"

# A task is a batch: Prefect spends 4–18 ms on each task, extraction a few ms on each page.
BATCH_PAGES = 200

# Prefect's own defaults are 20 s, which a small machine with a new PREFECT_HOME needs nearly all of.
SERVER_STARTUP_SECONDS = 120

PREFECT_DEFAULTS = {
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": str(SERVER_STARTUP_SECONDS),
}
# What goes wrong is raised to the command, which says it in one line.
QUIET_PREFECT = {"PREFECT_LOGGING_LEVEL": "CRITICAL", "PREFECT_LOGGING_TO_API_WHEN_MISSING_FLOW": "ignore"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Where things are and how patient to be; every field can be set as PULLQUOTE_<NAME> in the environment.

    `busy_seconds`: how long to wait for another writer; `query_seconds`, `query_memory`, `query_rows`: what one
    question to the warehouse may take and give.
    """

    warehouse: Path = Path("pullquote.duckdb")
    reports: Path = Path("reports")
    busy_seconds: float = 60.0
    query_seconds: float = 30.0
    query_memory: str = "1GB"
    query_rows: int = 10_000


def settings_of(environ: Mapping[str, str] = os.environ) -> Settings:
    """The settings; PullquoteError "settings.unknown" or "settings.malformed" names a variable that is not one."""
    readers = {
        "warehouse": Path,
        "reports": Path,
        "busy_seconds": float,
        "query_seconds": float,
        "query_memory": str,
        "query_rows": int,
    }
    given: dict[str, object] = {}
    for variable in sorted(name for name in environ if name.startswith(PREFIX)):
        name = variable.removeprefix(PREFIX).lower()
        if name not in readers:
            known = ", ".join(PREFIX + reader.upper() for reader in readers)
            raise PullquoteError("settings.unknown", f"{variable} is no setting; there are {known}")
        try:
            given[name] = readers[name](environ[variable])
        except ValueError as error:
            raise PullquoteError("settings.malformed", f"{variable}: {error}") from None
    return Settings(**given)  # type: ignore[arg-type]  # each value came out of its field's reader


def prepare_prefect(*, debug: bool, environ: MutableMapping[str, str] = os.environ) -> None:
    """Prefect's defaults for this program, before it is imported; what the user has set stays as it is."""
    for name, value in (PREFECT_DEFAULTS if debug else PREFECT_DEFAULTS | QUIET_PREFECT).items():
        environ.setdefault(name, value)


def config_hash() -> str:
    """16 hex digits that change when the checks change: with the extractor's version, what decides over a row."""
    digest = hashlib.sha256()
    folder = resources.files("warehouse") / "expectations"
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.name.endswith(".json"):
            digest.update(entry.name.encode() + b"\0" + entry.read_bytes())
    return digest.hexdigest()[:16]
