"""Addresses of warehouses: files as ever, lakes by their catalogue, and no secrets in either."""

from pathlib import Path

import pytest

from extractors.errors import PullquoteError
from flows.settings import settings_of, warehouse_of
from warehouse.files import files_of
from warehouse.store import Lake, store_of

SECRETS = {
    "AWS_ACCESS_KEY_ID": "the key",
    "AWS_SECRET_ACCESS_KEY": "the secret",
    "AWS_SESSION_TOKEN": "the token",
    "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
}


def test_a_path_is_a_file() -> None:
    assert store_of("some/x.duckdb") == Path("some/x.duckdb")


def test_a_lake_on_sqlite_is_named_by_its_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    lake = store_of("ducklake:sqlite:x.sqlite")
    assert isinstance(lake, Lake)
    assert (lake.catalogue, lake.data, lake.file) == (f"sqlite:{tmp_path}/x.sqlite", None, tmp_path / "x.sqlite")
    assert files_of(lake).captures == tmp_path / "x.sqlite.captures"
    assert store_of(str(lake)) == lake


def test_a_lake_on_postgres_has_its_files_where_it_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    lake = store_of("ducklake:postgres:dbname=pages host=db.example?data=s3://bucket/prefix")
    assert isinstance(lake, Lake)
    assert (lake.catalogue, lake.data, lake.file) == (
        "postgres:dbname=pages host=db.example",
        "s3://bucket/prefix",
        None,
    )
    assert files_of(lake).captures == tmp_path / "pages.captures"
    assert store_of(str(lake)) == lake
    folder = store_of("ducklake:postgres:dbname=pages?data=files")
    assert isinstance(folder, Lake)
    assert folder.data == str(tmp_path / "files")


@pytest.mark.parametrize(
    "address", ["ducklake:", "ducklake:x.sqlite", "ducklake:sqlite:", "ducklake:mysql:db=x", "ducklake:postgres:host=x"]
)
def test_what_is_no_lake_is_told_how_one_is_named(address: str) -> None:
    with pytest.raises(PullquoteError, match="ducklake:sqlite:FILE or ducklake:postgres") as caught:
        store_of(address)
    assert caught.value.code == "warehouse.address"


@pytest.mark.parametrize(
    "address",
    ["ducklake:postgres:dbname=x password=hunter2", "ducklake:postgres:dbname=x postgresql://me:hunter2@db/x"],
)
def test_a_password_has_no_place_in_an_address(address: str) -> None:
    with pytest.raises(PullquoteError, match="PGPASSWORD") as caught:
        store_of(address)
    assert "hunter2" not in caught.value.detail


def test_keys_come_from_the_environment_and_are_never_told(tmp_path: Path) -> None:
    lake = warehouse_of("ducklake:sqlite:x?data=s3://b/p", SECRETS | {"PULLQUOTE_CAPTURES": str(tmp_path / "mine")})
    assert isinstance(lake, Lake)
    assert (lake.access.key, lake.access.secret, lake.access.token) == ("the key", "the secret", "the token")
    assert lake.access.endpoint == "http://127.0.0.1:9"
    assert "the " not in f"{lake} {lake!r}"
    assert files_of(lake).beside("lock") == tmp_path / ".mine.lock"
    settings = settings_of(SECRETS | {"PULLQUOTE_WAREHOUSE": "ducklake:sqlite:x?data=s3://b/p"})
    assert isinstance(settings.warehouse, Lake)
    assert settings.warehouse.access == lake.access
