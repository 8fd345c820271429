-- What was refused and not mended yet, and why?
SELECT stage, code, detail, uri, refused
FROM quarantine_open;
