"""Extensions of DuckDB: signed ones, out of wheels of the package index; nothing is fetched at run time."""

from importlib import resources

import duckdb


def load_extension(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """Give the connection an extension; ModuleNotFoundError or duckdb.Error if its wheel is not there or another's."""
    folder = resources.files(f"duckdb_extension_{name}") / "extensions" / f"v{duckdb.__version__}"
    quoted = str(folder / f"{name}.duckdb_extension").replace("'", "''")
    connection.execute(f"LOAD '{quoted}'")
