-- The stored quotes of the pages that were extracted again beside the new ones: how many of each change, and some ids.
SELECT change, count(*) AS rows, list(quote_id ORDER BY quote_id)[1:{samples}] AS some
FROM (
    SELECT
        coalesce(stored.quote_id, incoming.quote_id) AS quote_id,
        CASE
            WHEN stored.quote_id IS NULL THEN 'gained'
            WHEN incoming.quote_id IS NULL THEN 'lost'
            WHEN {differs} THEN 'changed'
        END AS change
    FROM (FROM quotes SEMI JOIN (SELECT article_id FROM articles SEMI JOIN incoming_pages USING (page_id)) USING (article_id)) AS stored
    FULL JOIN incoming_quotes AS incoming ON stored.quote_id = incoming.quote_id
)
WHERE change IS NOT NULL
GROUP BY change
