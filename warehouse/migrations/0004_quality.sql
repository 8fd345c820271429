-- What every run measured, what a person let pass, and the report of every run.

ALTER TABLE runs ADD COLUMN accepted VARCHAR[];
UPDATE runs SET accepted = [];
COMMENT ON COLUMN runs.accepted IS 'Rules that a person let pass with --accept';

ALTER TABLE checks ADD COLUMN accepted BOOLEAN;
UPDATE checks SET accepted = false;
COMMENT ON COLUMN checks.accepted IS 'Whether a person let it pass with --accept';
COMMENT ON COLUMN checks.table_name IS 'The table whose new rows were checked; batch: a rule about the batch as a whole';
COMMENT ON COLUMN checks.severity IS 'critical: a failing row is quarantined; warning: it is reported; blocking: nothing of the batch is loaded';
COMMENT ON COLUMN checks.failing IS 'Ids of rows that failed, at most 100; of a rule the hosts or languages that are unusual';

CREATE TABLE measures (
    run_id UUID NOT NULL,
    name   VARCHAR NOT NULL,
    scope  VARCHAR NOT NULL,
    value  DOUBLE NOT NULL,
    base   BIGINT,
    PRIMARY KEY (run_id, name, scope)
);
COMMENT ON TABLE measures IS 'What the batch rules compare with earlier runs: volume, rates and shares of every run';
COMMENT ON COLUMN measures.run_id IS 'The run';
COMMENT ON COLUMN measures.name IS 'What was measured, see warehouse/measures/batch.sql';
COMMENT ON COLUMN measures.scope IS 'The host or language it is about; empty: the whole batch';
COMMENT ON COLUMN measures.value IS 'The value';
COMMENT ON COLUMN measures.base IS 'How many rows a rate is of; null: the value is a count';

CREATE TABLE run_reports (
    run_id   UUID PRIMARY KEY,
    document VARCHAR NOT NULL USING COMPRESSION zstd
);
COMMENT ON TABLE run_reports IS 'The report of every run as JSON, from which its page can be made again';
COMMENT ON COLUMN run_reports.run_id IS 'The run';
COMMENT ON COLUMN run_reports.document IS 'The report, as in the .json file beside its page';
