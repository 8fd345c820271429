"""`serve` with its Prefect server on Postgres: a cluster of the test's own, as Debian installs it."""

from pathlib import Path

import pytest

from tests.clusters import OWNER, postgres
from tests.landing import landed, page_number
from tests.serving import serving


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_pages_that_land_come_by_an_event_over_postgres(tmp_path: Path) -> None:
    with (
        postgres() as cluster,
        serving(tmp_path, {"PREFECT_API_DATABASE_CONNECTION_URL": _url(cluster.port)}) as service,
    ):
        for number in range(30):
            landed(service.inbox, page_number(number))

        service.awaited("rows", lambda: len(service.titles()) == 30)
        service.awaited("end of the run", lambda: bool(service.runs("event")))
        assert {run["state_type"] for run in service.runs("event")} == {"COMPLETED"}
        assert not list((tmp_path / "prefect").glob("*.db"))


def _url(port: int) -> str:
    return f"postgresql+asyncpg://{OWNER}@127.0.0.1:{port}/postgres"
