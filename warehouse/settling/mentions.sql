-- Who is named as a speaker on the batch's pages and, where those who speak in the articles about a work are not those
-- they were before, on all pages about it (`settled`: to be told who it is); with all the others that are named on the
-- same pages. What a name on any other page means has not changed.
CREATE OR REPLACE TEMP TABLE cast_now AS FROM characters WHERE work_id IN (FROM touched_works);
CREATE OR REPLACE TEMP TABLE recast AS
SELECT work_id FROM (FROM cast_now EXCEPT FROM cast_before)
UNION
SELECT work_id FROM (FROM cast_before EXCEPT FROM cast_now);
CREATE OR REPLACE TEMP TABLE mentions AS
SELECT
    articles.page_id,
    articles.work_id,
    quotes.speaker AS name,
    bool_or(quotes.kind = 'dialogue_line') AS in_dialogue,
    articles.page_id IN (SELECT page_id FROM touched_pages)
    OR coalesce(articles.work_id IN (SELECT work_id FROM recast), false) AS settled
FROM quotes JOIN articles USING (article_id)
WHERE
    quotes.speaker IS NOT NULL
    AND articles.page_id IN (
        FROM touched_pages
        UNION
        SELECT page_id FROM articles WHERE work_id IN (SELECT work_id FROM recast)
    )
GROUP BY ALL;
