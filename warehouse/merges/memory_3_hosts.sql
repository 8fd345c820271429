-- How many pages that makes.
MERGE INTO hosts AS stored
USING (SELECT host, count(*) AS pages FROM new_pages GROUP BY host) AS incoming
ON stored.host = incoming.host
WHEN MATCHED THEN UPDATE SET pages = stored.pages + incoming.pages
WHEN NOT MATCHED THEN INSERT (host, pages) VALUES (incoming.host, incoming.pages)
