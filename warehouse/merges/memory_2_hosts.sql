-- After the lines, by the same condition.
MERGE INTO hosts AS stored
USING (
    SELECT incoming.host, count(DISTINCT incoming.page_id) AS pages
    FROM incoming_pages AS incoming
    ANTI JOIN pages USING (page_id)
    LEFT JOIN hosts USING (host)
    WHERE incoming.host IS NOT NULL AND coalesce(hosts.pages, 0) < 50
    GROUP BY incoming.host
) AS incoming
ON stored.host = incoming.host
WHEN MATCHED THEN UPDATE SET pages = stored.pages + incoming.pages
WHEN NOT MATCHED THEN INSERT (host, pages) VALUES (incoming.host, incoming.pages)
