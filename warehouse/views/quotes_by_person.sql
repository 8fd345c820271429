-- Who is quoted how often, and where.
CREATE VIEW quotes_by_person AS
SELECT
    people.name AS person,
    count(*) AS quotes,
    count(DISTINCT quotes.quotation_id) AS quotations,
    count(DISTINCT quotes.article_id) AS articles,
    list(DISTINCT works.title ORDER BY works.title) FILTER (works.title IS NOT NULL) AS works,
    arg_max(quotes.text, (quotes.confidence, -quotes.position)) AS surest,
    people.person_id
FROM quotes
JOIN people USING (person_id)
JOIN articles USING (article_id)
LEFT JOIN works USING (work_id)
GROUP BY people.person_id, people.name
ORDER BY quotes DESC, person, people.person_id;
COMMENT ON VIEW quotes_by_person IS 'Who is quoted how often, and where';
