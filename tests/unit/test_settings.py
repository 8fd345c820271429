"""The environment, read once."""

from dataclasses import fields
from pathlib import Path

import pytest

from extractors.errors import PullquoteError
from flows.settings import Settings, config_hash, origins_of, prepare_prefect, settings_of, variable_of


def test_nothing_set_gives_the_defaults() -> None:
    assert settings_of({"HOME": "x"}) == Settings()


def test_every_field_can_be_set() -> None:
    fields_of = {variable_of(entry): entry for entry in fields(Settings)}
    numbers = {
        name: max(7, entry.metadata["least"])
        for name, entry in fields_of.items()
        if isinstance(entry.default, (int, float)) or entry.metadata["kind"] in {int, float}
    }

    settings = settings_of({name: str(numbers.get(name, "words")) for name in fields_of})

    for name, entry in fields_of.items():
        wanted = numbers.get(name, Path("words") if isinstance(entry.default, Path) else "words")
        assert getattr(settings, entry.name) == wanted


def test_origin_of_each_value_is_told_and_no_secret() -> None:
    origins = {origin.variable: origin for origin in origins_of({"PULLQUOTE_QUERY_ROWS": "7"})}

    assert len(origins) == len(fields(Settings))
    assert (origins["PULLQUOTE_QUERY_ROWS"].value, origins["PULLQUOTE_QUERY_ROWS"].source) == ("7", "environment")
    assert (origins["PULLQUOTE_BUSY_SECONDS"].value, origins["PULLQUOTE_BUSY_SECONDS"].source) == ("60", "default")
    assert all(origin.meaning for origin in origins.values())


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("PULLQUOTE_WAREHOSE", "x", "settings.unknown"),
        ("PULLQUOTE_QUERY_ROWS", "many", "settings.malformed"),
        ("PULLQUOTE_QUERY_ROWS", "0", "settings.malformed"),
        ("PULLQUOTE_BUSY_SECONDS", "-1", "settings.malformed"),
        ("PULLQUOTE_BUSY_SECONDS", "nan", "settings.malformed"),
        ("PULLQUOTE_BUSY_SECONDS", "inf", "settings.malformed"),
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
