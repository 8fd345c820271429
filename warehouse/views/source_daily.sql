-- What each site brought on each day: the host, or the site's name where a page has no address.
CREATE VIEW source_daily AS
SELECT
    coalesce(pages.host, articles.site) AS source,
    CAST(pages.first_seen AS DATE) AS day,
    count(DISTINCT pages.page_id) AS pages,
    count(articles.article_id) AS articles,
    coalesce(sum(quotes.quotes), 0)::BIGINT AS quotes,
    coalesce(sum(articles.word_count), 0)::BIGINT AS words
FROM pages
LEFT JOIN articles USING (page_id)
LEFT JOIN (SELECT article_id, count(*) AS quotes FROM quotes GROUP BY article_id) AS quotes USING (article_id)
GROUP BY ALL
ORDER BY day DESC, source;
COMMENT ON VIEW source_daily IS 'Pages, articles, quotes and words by source and day';
