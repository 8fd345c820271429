"""DuckDB and what may enter it: rows, checks, one transaction, a published copy and questions about it."""
