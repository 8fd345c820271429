"""How a batch is dealt with in `serve`: an event wakes a run of the deployment, and the ledger tells when it is done."""

import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event

import duckdb

from extractors.errors import PullquoteError
from extractors.records import Rejected
from flows.ledger import readable
from flows.opened import Opened, opened_inputs
from flows.serve.api import ENDED, Api
from flows.serve.manifest import Manifest, manifests_of, written
from flows.sources import TOO_LARGE, file_source
from flows.watch.deal import OF_THE_SYSTEM, Dealt, NotNowError
from warehouse.store import Store

LOOK = 0.2  # seconds between two looks at the published ledger
ASK = 2.0  # seconds between two questions to the server
UNANSWERED = 30.0  # seconds without a run after which the event is taken for lost and sent again


@dataclass(frozen=True, slots=True, kw_only=True)
class Emitting:
    """Deals with a batch by an event; `gone` ends the waiting for its run when the process has to end."""

    api: Api
    warehouse: Store
    gone: Event

    def __call__(self, paths: Sequence[str], *, given_up: Sequence[tuple[str, str]]) -> Dealt:
        pairs, unread, final = _read([*paths, *(path for path, _ in given_up)])
        if not pairs and not given_up:
            return Dealt(unread=unread, final=final)
        manifest = written(
            Manifest(paths=tuple(path for path in paths if path not in unread), given_up=tuple(given_up)),
            manifests_of(self.warehouse),
        )
        try:
            self._await(manifest, pairs, files=len(paths) + len(given_up))
        finally:
            manifest.unlink(missing_ok=True)
        return Dealt(unread={path: why for path, why in unread.items() if path in paths}, final=final)

    def publish(self) -> None:
        """Runs publish by themselves; what they leave for later, the next sweep shows."""

    def _await(self, manifest: Path, pairs: Sequence[tuple[str, str]], *, files: int) -> None:
        """Until all pairs are in the published ledger, or a run of the manifest has ended well."""
        sent = asked = 0.0
        met = False
        while not self._known(pairs):
            now = time.monotonic()
            if not sent or (not met and now - sent > UNANSWERED):
                self.api.emit(manifest, files=files)
                sent = asked = now
            elif now - asked > ASK:
                asked = now
                state = self.api.state_of(manifest)
                met = met or state is not None
                if state and state.type in ENDED and not self._known(pairs):
                    _judge(state.type, state.message, pairs)
                    return
            if self.gone.wait(LOOK):
                raise NotNowError("server.stopping", "told to stop; the next start goes on with it")

    def _known(self, pairs: Sequence[tuple[str, str]]) -> bool:
        if not pairs:
            return False
        with suppress(duckdb.Error, PullquoteError), readable(self.warehouse) as known:
            return known(pairs) == dict.fromkeys(pairs)
        return False


def _judge(state: str, message: str, pairs: Sequence[tuple[str, str]]) -> None:
    """Raise unless the run did what it should. One that completed did, though people may see it only later."""
    if state == "COMPLETED":
        return
    if state in {"CRASHED", "CANCELLED"} or any(f" {prefix}" in message for prefix in OF_THE_SYSTEM):
        raise NotNowError("server.run", f"the run ended {state.lower()}: {message}")
    if pairs:
        raise PullquoteError("watch.refused", message or "the checks refused the batch as a whole")


def _read(paths: Iterable[str]) -> tuple[list[tuple[str, str]], dict[str, str], frozenset[str]]:
    """The ledger's pairs of the files, those that cannot be read with the reason, and those that never can be."""
    pairs: list[tuple[str, str]] = []
    unread: dict[str, str] = {}
    final: set[str] = set()
    for path in paths:
        for opened in opened_inputs([file_source(Path(path))]):
            if isinstance(opened, Opened):
                pairs.append(opened.place)
            elif isinstance(opened, Rejected) and Path(path).exists():  # else nobody misses it any more
                unread[path] = opened.detail
                if opened.code == TOO_LARGE:
                    final.add(path)
    return pairs, unread, frozenset(final)
