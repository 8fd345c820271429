-- No key: views are deleted and inserted again in one transaction, which DuckDB refuses for a key.
CREATE TABLE schema_files (
    name   VARCHAR NOT NULL,
    sha256 VARCHAR NOT NULL
);
COMMENT ON TABLE schema_files IS 'The migrations and views that made this schema';
COMMENT ON COLUMN schema_files.name IS 'Folder and name of the file';
COMMENT ON COLUMN schema_files.sha256 IS 'SHA-256 of its text, in hex';
