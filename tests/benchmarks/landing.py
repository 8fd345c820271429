"""What lands under load, and what survives: `python -m tests.benchmarks.landing steady|kills|posts …`

steady watch|serve [rate] [seconds]   a steady stream; is the backlog bounded?
kills watch|serve [files] [kills]     kill -9 of its processes at random moments; is each file loaded exactly once?
posts [posts] [connections]           HTTP; is each answered rightly, and none lost?
"""

import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import httpx

from tests.benchmarks.commands import Command
from tests.landing import landed, page_number

PATIENCE = 3_600.0  # seconds
PORTS = ("--port", "8491", "--prefect-port", "4291")
FAST = {"PULLQUOTE_HTTP_RATE": "100000"}


def of(folder: Path, verb: str) -> Command:
    """The command, on ports of its own."""
    return Command(folder, (verb, "inbox", *(PORTS if verb == "serve" else ()), "--log-format", "json"))


def awaited(look: Callable[[], bool]) -> None:
    """Wait for it, or fail after PATIENCE."""
    until = time.monotonic() + PATIENCE
    while not look():
        if time.monotonic() > until:
            raise TimeoutError
        time.sleep(1)


def steady(folder: Path, verb: str, rate: float, seconds: float) -> None:
    """Print every ten seconds how much waits."""
    command = of(folder, verb)
    command.start()
    landed(command.inbox, page_number(0))
    awaited(lambda: command.count("ledger") == 1)
    begin, number, worst = time.monotonic(), 0, 0
    next_line = 10.0
    while (now := time.monotonic() - begin) < seconds:
        while number < now * rate:
            number += 1
            landed(command.inbox, page_number(number))
        if now >= next_line:
            waiting = number + 1 - command.count("ledger")
            worst = max(worst, waiting)
            print(f"{now:4.0f} s  {number:6,} landed  {waiting:5,} wait  {command.megabytes():5,} MB", flush=True)
            next_line += 10.0
        time.sleep(0.02)
    awaited(lambda: command.count("ledger") == number + 1)
    print(
        f"all {number + 1:,} there {time.monotonic() - begin - seconds:.1f} s after the last; at most {worst:,} waited"
    )
    command.stop()


def kills(folder: Path, verb: str, files: int, deaths: int) -> None:
    """Print what became of the files."""
    chance = random.Random(7)  # noqa: S311 - moments to kill at
    command = of(folder, verb)
    command.start()
    died: Counter[str] = Counter()
    for number in range(files):
        landed(command.inbox, page_number(number))
        if number % 100 == 99:
            (command.inbox / f"empty-{number}.html").touch()
        if chance.random() < deaths / files:
            time.sleep(chance.random() * 5)
            if running := sorted(command.processes().items()):  # none, if the last kill was that of the command itself
                pid, line = chance.choice(running)
                died[line.partition("flows ")[2] or line[-60:]] += 1
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
        if command.process and command.process.poll() is not None:
            command.start()
    empty = files // 100
    while command.count("ledger") < files + empty:
        if command.process and command.process.poll() is not None:
            command.start()
        time.sleep(2)
    print(f"{sum(died.values())} killed: {dict(died)}")
    print("ledger, distinct:", command.asked("SELECT count(*), count(DISTINCT (uri, sha256)) FROM ledger"))
    print("articles, distinct:", command.asked("SELECT count(*), count(DISTINCT title) FROM articles"))
    print("quarantine:", command.asked("SELECT code, count(*), count(DISTINCT uri) FROM quarantine GROUP BY code"))
    print("exit status", command.stop())


def posts(folder: Path, count: int, connections: int) -> None:
    """Print the answers, the files and the memory."""
    command = Command(folder, ("receive", "inbox", "--port", "8491"), environment=FAST)
    command.start()
    url = "http://127.0.0.1:8491/pages"
    with httpx.Client() as client:
        awaited(lambda: _is_up(client))

    def posted(numbers: range) -> Counter[int]:
        with httpx.Client(timeout=300) as client:
            return Counter(client.post(url, content=page_number(number).data).status_code for number in numbers)

    begin, share = time.monotonic(), count // connections
    before = command.megabytes()
    with ThreadPoolExecutor(connections) as pool:
        answers = sum(pool.map(posted, (range(n * share, (n + 1) * share) for n in range(connections))), Counter())
    seconds = time.monotonic() - begin
    files = sum(1 for path in command.inbox.rglob("*") if path.is_file())
    print(f"{count:,} posts over {connections} connections in {seconds:.1f} s: {dict(answers)}")
    print(f"{files:,} files; {before} MB before, {command.megabytes()} MB after; load {os.getloadavg()[0]:.1f}")
    print("exit status", command.stop())


def _is_up(client: httpx.Client) -> bool:
    with suppress(httpx.HTTPError):
        return client.get("http://127.0.0.1:8491/health").status_code == 200
    return False


if __name__ == "__main__":
    what, *given = sys.argv[1:]
    with tempfile.TemporaryDirectory() as name:
        if what == "steady":
            steady(Path(name), given[0], float(given[1]) if given[1:] else 50, float(given[2]) if given[2:] else 120)
        elif what == "kills":
            kills(Path(name), given[0], int(given[1]) if given[1:] else 5_000, int(given[2]) if given[2:] else 30)
        else:
            posts(Path(name), int(given[0]) if given else 10_000, int(given[1]) if given[1:] else 50)
