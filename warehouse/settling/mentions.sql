-- Who is named as a speaker on the batch's pages and in articles about their works (`settled`: to be told who it is),
-- with all the others that are named on the same pages.
CREATE OR REPLACE TEMP TABLE mentions AS
WITH named AS MATERIALIZED (
    SELECT
        articles.page_id,
        articles.work_id,
        quotes.speaker AS name,
        bool_or(quotes.kind = 'dialogue_line') AS in_dialogue,
        articles.page_id IN (SELECT page_id FROM touched_pages)
        OR coalesce(articles.work_id IN (SELECT work_id FROM touched_works), false) AS settled
    FROM quotes JOIN articles USING (article_id)
    WHERE quotes.speaker IS NOT NULL
    GROUP BY ALL
)
FROM named
WHERE page_id IN (SELECT page_id FROM named WHERE settled);
