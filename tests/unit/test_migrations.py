"""A warehouse that an earlier release wrote is brought to today's schema, with every row it had."""

import gzip
from pathlib import Path

import duckdb
import pytest

from tests.unit.extractions import seedlings
from tests.unit.loading import ingested
from warehouse.connection import writer
from warehouse.migrate import migrate
from warehouse.publish import publish
from warehouse.query import answer
from warehouse.sql import SqlFile, files_in

RELEASES = sorted((Path(__file__).parents[1] / "releases").glob("*.duckdb.gz"))
COLUMNS = "SELECT table_name, column_name, data_type, is_nullable FROM duckdb_columns() WHERE NOT internal ORDER BY ALL"


def release(path: Path, folder: Path) -> Path:
    old = folder / "x.duckdb"
    old.write_bytes(gzip.decompress(path.read_bytes()))
    return old


@pytest.mark.parametrize("old", RELEASES, ids=lambda path: path.name)
def test_a_warehouse_of_an_earlier_release_is_migrated(old: Path, tmp_path: Path) -> None:
    path = release(old, tmp_path)
    with duckdb.connect(str(path), read_only=True) as connection:
        tables = connection.execute("SELECT table_name FROM duckdb_tables() WHERE table_name <> 'schema_files'")
        before = {
            name: (connection.execute(f"SELECT * FROM {name}").fetchall(), [c[0] for c in connection.description or ()])
            for (name,) in tables.fetchall()
        }
    ingested(tmp_path / "fresh.duckdb", [])

    with writer(path) as opened:
        assert publish(opened) is True

    for table, (rows, columns) in before.items():
        names = ", ".join(f'"{name}"' for name in columns)
        with duckdb.connect(str(path), read_only=True) as connection:
            assert sorted(connection.execute(f"SELECT {names} FROM {table}").fetchall(), key=repr) == sorted(
                rows, key=repr
            )
    with (
        duckdb.connect(str(path), read_only=True) as migrated,
        duckdb.connect(str(tmp_path / "fresh.duckdb"), read_only=True) as fresh,
    ):
        assert migrated.execute(COLUMNS).fetchall() == fresh.execute(COLUMNS).fetchall()
    assert ingested(path, seedlings(), number=2)["articles"].inserted == 3
    assert len(answer(path, "SELECT * FROM articles_current").table) == 4


def test_a_migration_that_fails_leaves_the_file_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = release(RELEASES[0], tmp_path)
    broken = SqlFile(
        name="migrations/9999_broken.sql", text="CREATE TABLE half (x INT); INSERT INTO half VALUES ('no number')"
    )
    monkeypatch.setattr(
        "warehouse.migrate.files_in", lambda folder: files_in(folder) + ((broken,) if folder == "migrations" else ())
    )

    with pytest.raises(duckdb.ConversionException), writer(path):
        pass
    monkeypatch.undo()

    with writer(path) as opened:
        tables = {name for (name,) in opened.connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
    assert "half" not in tables
    assert "maintenance" in tables


@pytest.mark.parametrize("count", [1, 2])
def test_a_death_between_two_migrations_is_gone_on_from(tmp_path: Path, count: int) -> None:
    path = tmp_path / "x.duckdb"
    with duckdb.connect(str(tmp_path / ".x.duckdb.private")) as private:
        migrate(private, path=path, migrations=files_in("migrations")[:count])

    ingested(path, seedlings(1))

    assert answer(path, "SELECT count(*) AS n FROM pages").table.to_pylist()[0]["n"] > 0
