-- What earlier runs measured, oldest first: (name, scope, value, base, run_id, started), at most 60 values of each name
-- and scope out of the last 200 runs that were let in. How long a host was silent follows from when it brought pages.
WITH past AS (
    SELECT measures.name, measures.scope, measures.value, measures.base, measures.run_id, recent.started
    FROM measures
    JOIN (
        SELECT run_id, started FROM runs WHERE state <> 'refused' ORDER BY started DESC LIMIT 200
    ) AS recent USING (run_id)
),
gaps AS (
    SELECT
        'host_silence_hours' AS name, scope,
        epoch(started - lag(started) OVER (PARTITION BY scope ORDER BY started)) / 3600 AS value,
        NULL AS base, run_id, started
    FROM past
    WHERE name = 'host_pages'
)
SELECT name, scope, value, base, run_id, started
FROM (SELECT * FROM past UNION ALL SELECT * FROM gaps)
WHERE value IS NOT NULL
QUALIFY row_number() OVER (PARTITION BY name, scope ORDER BY started DESC) <= 60
ORDER BY started
