"""What all tests share: a quiet environment of their own, and `--golden` to rewrite expectations."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

# A slow machine is no failing property. The same examples in every run: what was green stays green; `make fuzz` looks
# for new ones.
settings.register_profile("project", deadline=None, derandomize=True)
settings.register_profile("fuzz", deadline=None, max_examples=1000)
settings.load_profile("project")

# Before anything imports Prefect or Great Expectations: nothing a test does may leave the machine.
os.environ["PREFECT_SERVER_ANALYTICS_ENABLED"] = "false"
os.environ["DO_NOT_TRACK"] = "1"
os.environ["GX_ANALYTICS_ENABLED"] = "false"

ROOT = Path(__file__).parent.parent


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--golden", action="store_true", help="rewrite the expected results from today's")


@pytest.fixture(scope="session")
def golden(pytestconfig: pytest.Config) -> bool:
    """Whether expectations are to be rewritten instead of compared."""
    return bool(pytestconfig.getoption("--golden"))


@pytest.fixture(autouse=True, scope="session")
def own_environment(tmp_path_factory: pytest.TempPathFactory) -> None:
    """No setting of the user reaches a test; Prefect's files go to a folder of the session."""
    for name in [name for name in os.environ if name.startswith(("PULLQUOTE_", "PREFECT_API_"))]:
        del os.environ[name]
    os.environ["PREFECT_HOME"] = str(tmp_path_factory.mktemp("prefect"))


@pytest.fixture(scope="session")
def seeds() -> Path:
    return ROOT / "seeds"
