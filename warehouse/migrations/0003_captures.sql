-- Where the raw bytes are, which version of an address counts, and what changed files or rows without a run.

ALTER TABLE pages ADD COLUMN capture VARCHAR;
COMMENT ON COLUMN pages.capture IS 'Where its bytes are kept: FILE:START:LENGTH, a WARC file in the folder of captures (or an archive''s path) and a record in it, in bytes; null: dropped (see maintenance) or never kept';
ALTER TABLE pages ADD COLUMN returned TIMESTAMPTZ;
COMMENT ON COLUMN pages.returned IS 'When it was met again after another version had taken its place at the same address; null: never';

ALTER TABLE quarantine ADD COLUMN capture VARCHAR;
COMMENT ON COLUMN quarantine.capture IS 'Where its bytes are kept if they are many; written as in pages, and payload is empty then';
COMMENT ON COLUMN quarantine.payload IS 'Its bytes, unless they are kept as a capture; for a critical row the row as JSON';

COMMENT ON COLUMN ledger.state IS 'loaded, no_article or refused; superseded: the place has other content by now, so that the old one is news when it returns';

CREATE TABLE maintenance (
    happened TIMESTAMPTZ NOT NULL,
    action   VARCHAR NOT NULL,
    detail   VARCHAR NOT NULL
);
COMMENT ON TABLE maintenance IS 'What changed the warehouse without being a run';
COMMENT ON COLUMN maintenance.happened IS 'When';
COMMENT ON COLUMN maintenance.action IS 'vacuum, drop-captures or import';
COMMENT ON COLUMN maintenance.detail IS 'What was done, in plain words';
