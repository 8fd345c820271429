"""Servers of a test's own, on loopback: a Postgres cluster as Debian installs it, and an S3 store."""

import logging
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import boto3
import pytest
from moto.server import ThreadedMotoServer

from tests.serving import free_port

USER = "postgres"  # Postgres refuses to run as root
OWNER = "owner"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """A running Postgres; its owner needs no password."""

    port: int

    def database(self, name: str) -> str:
        """A new database, as libpq is told of it."""
        createdb = program("createdb")
        assert createdb
        subprocess.run([createdb, "-h", "127.0.0.1", "-p", str(self.port), "-U", OWNER, name], check=True)
        return f"dbname={name} host=127.0.0.1 port={self.port} user={OWNER}"


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
def postgres() -> Iterator[Cluster]:
    """A cluster that is up."""
    initdb, server, prefix = program("initdb"), program("postgres"), as_user()
    if not initdb or not server or prefix is None:
        pytest.skip("NO POSTGRES HERE: apt-get install postgresql (and setpriv and a user postgres to leave root)")
    folder = Path(tempfile.mkdtemp(prefix="pullquote-postgres-"))  # pytest's folders are closed to other users
    port = free_port()
    try:
        if prefix:
            shutil.chown(folder, USER, USER)
        command = [*prefix, initdb, "--pgdata", str(folder / "data"), "--auth", "trust", "--username", OWNER]
        subprocess.run([*command, "--no-sync", "--encoding", "UTF8"], check=True, capture_output=True, cwd=folder)
        options = ["-D", str(folder / "data"), "-p", str(port), "-k", str(folder), "-h", "127.0.0.1", "-F"]
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen([*prefix, server, *options], stdout=log, stderr=log, cwd=folder)
        try:
            _awaited(port, process)
            yield Cluster(port=port)
        finally:
            process.terminate()
            process.wait(60)
    finally:
        shutil.rmtree(folder)


def _awaited(port: int, process: subprocess.Popen[bytes]) -> None:
    ready = program("pg_isready")
    assert ready
    for _ in range(120):
        if subprocess.run([ready, "-q", "-h", "127.0.0.1", "-p", str(port), "-t", "1"], check=False).returncode == 0:
            return
        assert process.poll() is None, "Postgres does not start"
    pytest.fail("Postgres is not up after two minutes")


@contextmanager
def object_store(bucket: str) -> Iterator[str]:
    """The address of an S3 store with an empty bucket."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # a line for each request is most of what it does
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        address = f"http://{host}:{port}"
        keys = {"aws_access_key_id": "key", "aws_secret_access_key": "secret", "region_name": "us-east-1"}
        boto3.client("s3", endpoint_url=address, **keys).create_bucket(Bucket=bucket)
        yield address
    finally:
        server.stop()
