-- What was refused and not mended yet, the newest first; the bytes are in quarantine.payload.
CREATE VIEW quarantine_open AS
SELECT
    quarantine.item_id,
    quarantine.stage,
    quarantine.code,
    quarantine.detail,
    quarantine.uri,
    quarantine.page_id,
    octet_length(quarantine.payload) AS payload_bytes,
    runs.started AS refused
FROM quarantine
LEFT JOIN runs USING (run_id)
WHERE quarantine.status = 'open'
ORDER BY refused DESC, quarantine.uri, quarantine.item_id;
COMMENT ON VIEW quarantine_open IS 'What was refused and not mended yet';
