-- On how many of the new pages each line stands, added to what is remembered; after the pages and blocks.
MERGE INTO host_lines AS stored
USING (
    SELECT new_pages.host, blocks.text_hash, count(DISTINCT blocks.page_id) AS pages
    FROM new_pages
    JOIN blocks USING (page_id)
    GROUP BY ALL
) AS incoming
ON stored.host = incoming.host AND stored.text_hash = incoming.text_hash
WHEN MATCHED THEN UPDATE SET pages = stored.pages + incoming.pages
WHEN NOT MATCHED THEN INSERT (host, text_hash, pages) VALUES (incoming.host, incoming.text_hash, incoming.pages)
