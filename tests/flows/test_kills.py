"""SIGKILL at random moments of ingests: a few here, two hundred with `make bench-kills`."""

from pathlib import Path

import pytest

from tests.kills import assert_nothing_is_lost_or_doubled, killed

KILLS = 8


@pytest.mark.timeout(900)
def test_killed_ingests_lose_nothing_and_double_nothing(tmp_path: Path) -> None:
    tally = killed(tmp_path, kills=KILLS, seed=5)

    assert sum(tally.kills.values()) == KILLS
    assert assert_nothing_is_lost_or_doubled(tmp_path) >= tally.done
