"""A command of ours on a folder of its own, for the benchmarks of what lands: started, killed, counted."""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import duckdb


@dataclass(slots=True)
class Command:
    """`pullquote watch|serve|receive inbox` in `folder`."""

    folder: Path
    arguments: tuple[str, ...]
    process: subprocess.Popen[bytes] | None = None
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def inbox(self) -> Path:
        """Where pages land."""
        return self.folder / "inbox"

    def start(self) -> None:
        """Start it; its log goes to the folder."""
        self.inbox.mkdir(exist_ok=True)
        root = str(Path(__file__).parent.parent.parent)
        environment = os.environ | {"PYTHONPATH": root, "PREFECT_HOME": str(self.folder / "prefect")} | self.environment
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "flows", *self.arguments],
                cwd=self.folder,
                env=environment,
                stdout=log,
                stderr=log,
            )

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Its exit status after this signal."""
        if self.process is None:
            return 0
        self.process.send_signal(number)
        return self.process.wait(300)

    def processes(self) -> dict[int, str]:
        """Itself and all that it started: pid and command line."""
        mark = f"PREFECT_HOME={self.folder}/prefect".encode()
        found = {}
        for entry in Path("/proc").iterdir():
            with suppress(OSError):
                if entry.name.isdigit() and mark in (entry / "environ").read_bytes().split(b"\0"):
                    found[int(entry.name)] = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        return found

    def megabytes(self) -> int:
        """Resident memory of all its processes."""
        total = 0
        for pid in self.processes():
            with suppress(OSError, IndexError):
                total += int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
        return total // 1_000_000

    def asked(self, sql: str) -> list[tuple[object, ...]]:
        """Rows of the published warehouse; none while there is none."""
        with (
            suppress(duckdb.Error),
            duckdb.connect(str(self.folder / "pullquote.duckdb"), read_only=True) as connection,
        ):
            return connection.execute(sql).fetchall()
        return []

    def count(self, table: str) -> int:
        """How many rows a table has."""
        rows = self.asked(f"SELECT count(*) FROM {table}")
        return int(str(rows[0][0])) if rows else 0
