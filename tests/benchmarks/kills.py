"""`make bench-kills`: SIGKILL at 200 random moments of ingests, then 20 readers during 50 ingests."""

import argparse
import tempfile
import time
from pathlib import Path

from tests.kills import assert_nothing_is_lost_or_doubled, killed
from tests.readers import polled

PAUSE = 2.0  # seconds between two looks of a reader: twenty that never rest leave two cores to nobody else


def main() -> None:
    """Print where the kills hit and what the readers saw; an AssertionError if anything was lost or doubled."""
    options = argparse.ArgumentParser(description=main.__doc__)
    options.add_argument("--kills", type=int, default=200)
    options.add_argument("--readers", type=int, default=20)
    options.add_argument("--ingests", type=int, default=50)
    options.add_argument("--seed", type=int, default=1)
    given = options.parse_args()
    if given.kills:
        _killed(given.kills, seed=given.seed)
    if given.ingests:
        _polled(given.readers, given.ingests)


def _killed(kills: int, *, seed: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        begin = time.perf_counter()
        tally = killed(Path(folder), kills=kills, seed=seed)
        pages = assert_nothing_is_lost_or_doubled(Path(folder))
        hit = ", ".join(f"{count} in {step}" for step, count in tally.kills.most_common())
        print(f"{kills} kills ({hit}) in {time.perf_counter() - begin:.0f} s: {pages} pages, each there once")


def _polled(readers: int, ingests: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        looks, slowest, waited = polled(Path(folder), readers=readers, ingests=ingests, pause=PAUSE)
        print(
            f"{readers} readers, {ingests} ingests: {looks} looks, none failed; "
            f"slowest look {slowest:.2f} s, slowest ingest {waited:.2f} s"
        )


if __name__ == "__main__":
    main()
