-- Who is quoted how often, and where.
CREATE VIEW quotes_by_person AS
SELECT
    quotes.speaker AS person,
    count(*) AS quotes,
    count(DISTINCT quotes.article_id) AS articles,
    list(DISTINCT works.title ORDER BY works.title) FILTER (works.title IS NOT NULL) AS works,
    arg_max(quotes.text, (quotes.confidence, -quotes.position)) AS surest
FROM quotes
JOIN articles USING (article_id)
LEFT JOIN works USING (work_id)
WHERE quotes.speaker IS NOT NULL
GROUP BY quotes.speaker
ORDER BY quotes DESC, person;
COMMENT ON VIEW quotes_by_person IS 'Who is quoted how often, and where';
