-- The stored articles of the pages that were extracted again beside the new ones: how many of each change, and some ids.
SELECT change, count(*) AS rows, list(article_id ORDER BY article_id)[1:{samples}] AS some
FROM (
    SELECT
        coalesce(stored.article_id, incoming.article_id) AS article_id,
        CASE
            WHEN stored.article_id IS NULL THEN 'gained'
            WHEN incoming.article_id IS NULL THEN 'lost'
            WHEN {differs} THEN 'changed'
        END AS change
    FROM (FROM articles SEMI JOIN incoming_pages USING (page_id)) AS stored
    FULL JOIN incoming_articles AS incoming ON stored.article_id = incoming.article_id
)
WHERE change IS NOT NULL
GROUP BY change
