-- What sites repeat: counted when a page is first loaded, read before the next pages of the host are extracted.
CREATE TABLE hosts (
    host  VARCHAR PRIMARY KEY,
    pages BIGINT NOT NULL
);
COMMENT ON TABLE hosts IS 'Hosts whose lines are remembered; the first 50 pages of a host tell what it repeats';
COMMENT ON COLUMN hosts.host IS 'Host of the pages'' address';
COMMENT ON COLUMN hosts.pages IS 'Pages whose lines are counted in host_lines';

-- No index: read and written by whole hosts only.
CREATE TABLE host_lines (
    host      VARCHAR NOT NULL,
    text_hash UUID NOT NULL,
    pages     BIGINT NOT NULL
);
COMMENT ON TABLE host_lines IS 'On how many of a host''s remembered pages each line stands';
COMMENT ON COLUMN host_lines.host IS 'Host of the pages'' address';
COMMENT ON COLUMN host_lines.text_hash IS 'Hash of the line, as in blocks';
COMMENT ON COLUMN host_lines.pages IS 'Remembered pages that hold the line';
