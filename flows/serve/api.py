"""What `serve` asks of a Prefect server, over its HTTP interface."""

import json
import urllib.error
import urllib.request
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from flows.settings import prefect_headers
from flows.watch.deal import NotNowError

POOL = "pullquote"  # the work pool of deployments/prefect.yaml
EVENT = "pages.landed"
RESOURCE = "pullquote.inbox"
CONFLICT = 409  # it is there already
ENDED = frozenset({"COMPLETED", "FAILED", "CRASHED", "CANCELLED"})
BEGUN = ("RUNNING", "PENDING", "CANCELLING", "PAUSED")


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """How a flow run stands: its type in capitals, and its message."""

    type: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Api:
    """A Prefect server; every call raises NotNowError if it does not answer as it should."""

    url: str

    def make_pool(self) -> None:
        """Have the work pool; its worker fills in the template."""
        try:
            self._asked("/work_pools/", {"name": POOL, "type": "process"})
        except NotNowError as error:
            if not (isinstance(error.__cause__, urllib.error.HTTPError) and error.__cause__.code == CONFLICT):
                raise

    def emit(self, manifest: Path, *, files: int) -> None:
        """Tell that a batch landed."""
        event = {
            "id": str(uuid4()),
            "occurred": datetime.now(UTC).isoformat(),
            "event": EVENT,
            "resource": {"prefect.resource.id": RESOURCE},
            "payload": {"manifest": str(manifest), "files": files},
        }
        self._asked("/events", [event])

    def state_of(self, manifest: Path) -> State | None:
        """The state of the newest run that an event of this manifest started; None if there is none."""
        found = self._asked(
            "/flow_runs/filter", {"sort": "EXPECTED_START_TIME_DESC", "limit": 100, "deployments": _ours("inbox")}
        )
        for run in found:
            if run["parameters"].get("manifest") == str(manifest):
                return State(type=run["state_type"] or "", message=(run["state"] or {}).get("message") or "")
        return None

    def crash_orphans(self) -> int:
        """Declare dead what a worker that is gone was running, so that it holds up nobody; how many there were."""
        body = {"deployments": _ours(), "flow_runs": {"state": {"type": {"any_": list(BEGUN)}}}}
        orphans = self._asked("/flow_runs/filter", body)
        for run in orphans:
            state = {"type": "CRASHED", "message": "its worker is gone"}
            self._asked(f"/flow_runs/{run['id']}/set_state", {"state": state, "force": True})
        return len(orphans)

    def drop_late(self) -> int:
        """Cancel the scheduled runs that are due but for the newest of each deployment: one catches up for all."""
        body = {
            "deployments": _ours(),
            "sort": "EXPECTED_START_TIME_DESC",
            "flow_runs": {
                "state": {"type": {"any_": ["SCHEDULED"]}},
                "expected_start_time": {"before_": datetime.now(UTC).isoformat()},
            },
        }
        due = self._asked("/flow_runs/filter", body)
        newest = {run["deployment_id"]: run["id"] for run in reversed(due)}
        late = [run for run in due if newest[run["deployment_id"]] != run["id"]]
        for run in late:
            state = {"type": "CANCELLED", "message": "a later run does the same"}
            self._asked(f"/flow_runs/{run['id']}/set_state", {"state": state, "force": True})
        return len(late)

    def answers(self) -> bool:
        """Whether the server is up."""
        try:
            request = urllib.request.Request(f"{self.url}/health", headers=prefect_headers())  # noqa: S310 - configured by the user
            with urllib.request.urlopen(request, timeout=5) as response:  # noqa: S310
                return bool(response.status == 200)
        except OSError:
            return False

    def _asked(self, path: str, body: object) -> Any:
        headers = {"Content-Type": "application/json"} | prefect_headers()
        request = urllib.request.Request(f"{self.url}{path}", json.dumps(body).encode(), headers)  # noqa: S310
        try:
            with urllib.request.urlopen(request, timeout=30) as response:  # noqa: S310
                text = response.read()
        except OSError as error:
            raise NotNowError("server.silent", f"the Prefect server does not answer: {error}") from error
        return json.loads(text) if text else None


def _ours(*names: str) -> dict[str, object]:
    return {"name": {"any_": list(names)}} if names else {"tags": {"all_": ["pullquote"]}}
