-- Before the pages are there: which of them are new and tell what their host repeats. A host known well enough stays.
CREATE OR REPLACE TEMP TABLE new_pages AS
SELECT DISTINCT incoming.page_id, incoming.host
FROM incoming_pages AS incoming
LEFT JOIN pages ON pages.page_id = incoming.page_id
LEFT JOIN hosts ON hosts.host = incoming.host
WHERE incoming.host IS NOT NULL AND pages.page_id IS NULL AND coalesce(hosts.pages, 0) < 50
