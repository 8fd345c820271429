-- The lines of pages that are new, before the pages themselves are loaded; a host that is known well enough stays as it is.
WITH new_pages AS (
    SELECT incoming.page_id, incoming.host
    FROM incoming_pages AS incoming
    ANTI JOIN pages USING (page_id)
    LEFT JOIN hosts USING (host)
    WHERE incoming.host IS NOT NULL AND coalesce(hosts.pages, 0) < 50
)
MERGE INTO host_lines AS stored
USING (
    SELECT new_pages.host, blocks.text_hash, count(DISTINCT blocks.page_id) AS pages
    FROM new_pages
    JOIN incoming_blocks AS blocks USING (page_id)
    GROUP BY ALL
) AS incoming
ON stored.host = incoming.host AND stored.text_hash = incoming.text_hash
WHEN MATCHED THEN UPDATE SET pages = stored.pages + incoming.pages
WHEN NOT MATCHED THEN INSERT (host, text_hash, pages) VALUES (incoming.host, incoming.text_hash, incoming.pages)
