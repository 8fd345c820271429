"""`pullquote serve` for real: its Prefect server, worker, watch and HTTP inbox on loopback; parts of it are killed.

One service for all tests, in their order; the last one stops it.
"""

import json
import signal
import time
import urllib.request
from collections.abc import Iterator

import pytest

from tests.landing import landed, page_number
from tests.serving import PATIENCE, Service, serving

pytestmark = pytest.mark.timeout(1200)


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with serving(tmp_path_factory.mktemp("serve"), {"PULLQUOTE_SWEEP_CRON": "*/2 * * * *"}) as running:
        yield running


def test_page_that_lands_comes_by_an_event(service: Service) -> None:
    landed(service.inbox, page_number(0))

    service.awaited("row", lambda: service.titles() == [page_number(0).title])
    service.awaited("end of its run", lambda: len(service.runs("event")) == 1)
    (run,) = service.runs("event")
    assert run["state_type"] == "COMPLETED"
    assert service.asked("SELECT count(*) FROM runs") == [(1,)]  # by the event, or by a sweep that was there before it


def test_page_that_is_posted_is_loaded(service: Service) -> None:
    url = f"http://127.0.0.1:{service.port}/pages"
    headers = {"X-Page-Url": "https://example.com/posted", "Content-Type": "text/html"}
    with urllib.request.urlopen(urllib.request.Request(url, page_number(1).data, headers), timeout=60) as answer:
        (page,) = json.load(answer)["pages"]

    def state() -> dict[str, object]:
        with urllib.request.urlopen(f"{url}/{page['id']}", timeout=60) as answer:  # noqa: S310 - loopback
            return dict(json.load(answer))

    assert state()["state"] in {"waiting", "loaded"}
    service.awaited("row", lambda: state()["state"] == "loaded")
    assert service.asked(f"SELECT url FROM pages WHERE page_id = '{page['id']}'") == [("https://example.com/posted",)]


def test_burst_of_pages_makes_few_runs(service: Service) -> None:
    before = len(service.runs("event"))
    for number in range(100, 400):
        landed(service.inbox, page_number(number))

    service.awaited("rows", lambda: len(service.titles()) == 302)
    assert len(set(service.titles())) == 302
    service.awaited("end of the watch's batch", lambda: service.health().get("waiting") == 0)
    time.sleep(3)
    # 300 pages, 3 runs on an idle machine; a busy one takes longer to land them, and a run begins with what is there
    assert 1 <= len(service.runs("event")) - before <= 6


def test_server_that_is_killed_comes_back_and_nothing_is_missed(service: Service) -> None:
    service.kill("prefect server start")
    landed(service.inbox, page_number(2))

    service.awaited("row", lambda: page_number(2).title in service.titles())
    service.awaited("health", lambda: service.health().get("status") == "ok")


def test_worker_that_is_killed_comes_back_and_nothing_is_missed_or_doubled(service: Service) -> None:
    for number in range(3, 43):
        landed(service.inbox, page_number(number))
    service.kill("flows.serve.worker")

    service.awaited("rows", lambda: len(service.titles()) == 343)
    assert len(set(service.titles())) == 343
    assert service.asked("SELECT count(*) - count(DISTINCT (uri, sha256)) FROM ledger") == [(0,)]


def test_sweep_runs_by_schedule(service: Service) -> None:
    def completed() -> list[bool]:  # one that was under way when its worker was killed has crashed
        return [run["auto_scheduled"] for run in service.runs("schedule") if run["state_type"] == "COMPLETED"]

    service.awaited("scheduled run", lambda: bool(completed()))
    assert all(completed())


def test_upkeep_runs_when_it_is_asked_for(service: Service) -> None:
    runs = []
    for name in ("report/day", "compact/compaction", "replay/replay"):
        deployment = service.told(f"/deployments/name/{name}")["id"]
        runs.append(service.told(f"/deployments/{deployment}/create_flow_run", {})["id"])

    def states() -> list[str]:
        return [service.told(f"/flow_runs/{run}")["state_type"] for run in runs]

    service.awaited("ends", lambda: set(states()) <= {"COMPLETED", "FAILED", "CRASHED"})
    assert states() == ["COMPLETED"] * 3
    artifacts = service.told("/artifacts/filter", {"artifacts": {"key": {"any_": ["day"]}}})
    assert f"| articles loaded | {len(service.titles()):,} |" in artifacts[0]["data"]


def test_told_to_stop_it_ends_well_and_leaves_no_process_behind(service: Service) -> None:
    service.process.send_signal(signal.SIGTERM)

    assert service.process.wait(PATIENCE) == 0
    until = time.monotonic() + 20
    while service.processes() and time.monotonic() < until:
        time.sleep(0.2)
    assert service.processes() == {}
    lines = [json.loads(line) for line in (service.folder / "serve.log").read_text().splitlines() if line[:1] == "{"]
    assert lines[-1]["message"].startswith("stopped: ")
