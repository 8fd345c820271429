"""`serve` with its Prefect server on Postgres: a cluster of the test's own, as Debian installs it."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.landing import landed, page_number
from tests.serving import free_port, serving

USER = "postgres"  # Postgres refuses to run as root


def program(name: str) -> str | None:
    """Where a program of Postgres is: on the path, or where Debian puts it."""
    debian = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True)
    return shutil.which(name) or next(map(str, debian), None)


def as_user() -> tuple[str, ...] | None:
    """What to put before a command so that it does not run as root; None if that cannot be had."""
    if os.geteuid() != 0:
        return ()
    try:
        pwd.getpwnam(USER)
    except KeyError:
        return None
    setpriv = shutil.which("setpriv")
    return (setpriv, f"--reuid={USER}", f"--regid={USER}", "--clear-groups") if setpriv else None


@contextmanager
def postgres() -> Iterator[str]:
    """The address of a database on loopback."""
    initdb, server, prefix = program("initdb"), program("postgres"), as_user()
    if not initdb or not server or prefix is None:
        pytest.skip("NO POSTGRES HERE: apt-get install postgresql (and setpriv and a user postgres to leave root)")
    folder = Path(tempfile.mkdtemp(prefix="pullquote-postgres-"))  # pytest's folders are closed to other users
    port = free_port()
    try:
        if prefix:
            shutil.chown(folder, USER, USER)
        command = [*prefix, initdb, "--pgdata", str(folder / "data"), "--auth", "trust", "--username", "prefect"]
        subprocess.run([*command, "--no-sync", "--encoding", "UTF8"], check=True, capture_output=True, cwd=folder)
        options = ["-D", str(folder / "data"), "-p", str(port), "-k", str(folder), "-h", "127.0.0.1", "-F"]
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen([*prefix, server, *options], stdout=log, stderr=log, cwd=folder)
        try:
            yield f"postgresql+asyncpg://prefect@127.0.0.1:{port}/postgres"
        finally:
            process.terminate()
            process.wait(60)
    finally:
        shutil.rmtree(folder)


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_pages_that_land_come_by_an_event_over_postgres(tmp_path: Path) -> None:
    with postgres() as address, serving(tmp_path, {"PREFECT_API_DATABASE_CONNECTION_URL": address}) as service:
        for number in range(30):
            landed(service.inbox, page_number(number))

        service.awaited("rows", lambda: len(service.titles()) == 30)
        service.awaited("end of the run", lambda: bool(service.runs("event")))
        assert {run["state_type"] for run in service.runs("event")} == {"COMPLETED"}
        assert not list((tmp_path / "prefect").glob("*.db"))
