-- Every quote with its article, its page and the words around it.
CREATE VIEW quotes_with_context AS
SELECT
    quotes.quote_id,
    quotes.text,
    quotes.speaker,
    quotes.kind,
    quotes.before,
    quotes.after,
    quotes.confidence,
    quotes.rule,
    articles.article_id,
    articles.title,
    articles.site,
    articles.published,
    works.title AS work,
    works.year AS work_year,
    coalesce(pages.url, pages.uri) AS address,
    quotes.position,
    quotes.start,
    quotes.stop
FROM quotes
JOIN articles USING (article_id)
JOIN pages USING (page_id)
LEFT JOIN works USING (work_id);
COMMENT ON VIEW quotes_with_context IS 'Every quote with its article, its page and the words around it';
