-- How did the last runs go?
-- $most INTEGER = 20: how many rows
SELECT * FROM run_quality
LIMIT $most;
