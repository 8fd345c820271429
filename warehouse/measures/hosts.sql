-- What each host of a batch brought, the one with the most pages first; a page without an address counts for its site.
SELECT
    coalesce(pages.host, any_value(articles.site)) AS host,
    count(DISTINCT pages.page_id) AS pages,
    count(DISTINCT articles.page_id) AS with_articles,
    count(articles.article_id) AS articles,
    coalesce(sum(articles.word_count), 0)::BIGINT AS words,
    coalesce(sum(said.quotes), 0)::BIGINT AS quotes,
    coalesce(sum(said.unattributed), 0)::BIGINT AS unattributed
FROM pages
LEFT JOIN articles USING (page_id)
LEFT JOIN (
    SELECT article_id, count(*) AS quotes, count(*) FILTER (speaker IS NULL) AS unattributed
    FROM quotes
    GROUP BY article_id
) AS said USING (article_id)
GROUP BY pages.host, CASE WHEN pages.host IS NULL THEN articles.site END
ORDER BY pages DESC, quotes DESC, host
