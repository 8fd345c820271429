-- The quotations that the batch touched, as they stand now, with what their checks need to know of other tables:
-- rows_with_id, quotes (that print it), text_is_printed (by one of them), person_is_known, work_is_known, and
-- dated_by_a_quote (the first day is that of its earliest dated article).
WITH printed AS (
    SELECT quotation_id, quotes.text, articles.published
    FROM quotes
    SEMI JOIN touched_quotations USING (quotation_id)
    JOIN articles USING (article_id)
),
counted AS (
    SELECT quotation_id, count(*) AS quotes, min(published) AS first_published FROM printed GROUP BY quotation_id
)
SELECT
    stored.quotation_id,
    stored.text,
    stored.speaker,
    stored.mentions,
    stored.sites,
    count(*) OVER (PARTITION BY stored.quotation_id) AS rows_with_id,
    coalesce(counted.quotes, 0) AS quotes,
    (stored.quotation_id, stored.text) IN (SELECT (quotation_id, text) FROM printed) AS text_is_printed,
    (stored.person_id IS NULL) = (stored.speaker IS NULL)
        AND (stored.person_id IS NULL OR stored.person_id IN (SELECT person_id FROM people)) AS person_is_known,
    stored.work_id IS NULL OR stored.work_id IN (SELECT work_id FROM works) AS work_is_known,
    stored.first_published IS NOT DISTINCT FROM counted.first_published AS dated_by_a_quote
FROM quotations AS stored
SEMI JOIN touched_quotations USING (quotation_id)
LEFT JOIN counted USING (quotation_id)
