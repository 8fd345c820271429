"""A few seconds of fuzzing that is led by the code it reaches; `make fuzz` takes minutes."""

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
SECONDS = 5
RUNS = 2_000


@pytest.mark.skipif(not find_spec("atheris"), reason="atheris has no wheel for this machine")
@pytest.mark.parametrize("target", ["archives", "pages"])
def test_no_bytes_break_it(target: str, tmp_path: Path) -> None:
    limits = (f"-artifact_prefix={tmp_path}/", "-seed=1", f"-runs={RUNS}")  # the same in every run, unless it is slow
    command = [sys.executable, "-m", "tests.fuzzing", target, str(SECONDS), *limits]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr[-3000:]
    assert "Done" in done.stderr
