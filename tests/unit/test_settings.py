"""The environment, read once."""

from pathlib import Path

import pytest

from extractors.errors import PullquoteError
from flows.settings import Settings, config_hash, prepare_prefect, settings_of


def test_nothing_set_gives_the_defaults() -> None:
    assert settings_of({"HOME": "x"}) == Settings()


def test_every_field_can_be_set() -> None:
    given = {
        "PULLQUOTE_WAREHOUSE": "w.duckdb",
        "PULLQUOTE_REPORTS": "r",
        "PULLQUOTE_BUSY_SECONDS": "1.5",
        "PULLQUOTE_QUERY_SECONDS": "2",
        "PULLQUOTE_QUERY_MEMORY": "2GB",
        "PULLQUOTE_QUERY_ROWS": "7",
    }

    assert len(given) == len(Settings.__slots__)
    assert settings_of(given) == Settings(
        warehouse=Path("w.duckdb"),
        reports=Path("r"),
        busy_seconds=1.5,
        query_seconds=2.0,
        query_memory="2GB",
        query_rows=7,
    )


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("PULLQUOTE_WAREHOSE", "x", "settings.unknown"),
        ("PULLQUOTE_QUERY_ROWS", "many", "settings.malformed"),
    ],
)
def test_mistake_is_named(name: str, value: str, code: str) -> None:
    with pytest.raises(PullquoteError) as caught:
        settings_of({name: value})

    assert caught.value.code == code
    assert name in caught.value.detail


def test_prefect_is_quiet_unless_the_user_wants_otherwise() -> None:
    quiet: dict[str, str] = {}
    prepare_prefect(debug=False, environ=quiet)
    own = {"PREFECT_LOGGING_LEVEL": "DEBUG"}
    prepare_prefect(debug=False, environ=own)
    loud: dict[str, str] = {}
    prepare_prefect(debug=True, environ=loud)

    assert quiet["PREFECT_LOGGING_LEVEL"] == "CRITICAL"
    assert quiet["PREFECT_SERVER_ANALYTICS_ENABLED"] == "false"
    assert own["PREFECT_LOGGING_LEVEL"] == "DEBUG"
    assert "PREFECT_LOGGING_LEVEL" not in loud


def test_config_hash_is_short_and_steady() -> None:
    assert config_hash() == config_hash()
    assert len(bytes.fromhex(config_hash())) == 8
