-- What a batch brings, measured: (name, scope, value, base). A rate has the number of rows it is of as its base, a count
-- has none. Of hosts the 200 with the most pages: the rules ask about no smaller ones, and a run stays cheap.
WITH facts AS (
    SELECT
        articles.article_id, articles.page_id, articles.title, articles.published, articles.word_count, pages.host,
        coalesce(articles.language, 'unknown') AS language,
        CAST(coalesce(pages.fetched_at, pages.first_seen) AS DATE) - articles.published AS age,
        articles.article_id IN (SELECT article_id FROM article_authors) AS has_author,
        coalesce(said.quotes, 0) AS quotes,
        count(*) OVER (PARTITION BY hash(articles.body)) > 1 AS repeated
    FROM articles
    JOIN pages USING (page_id)
    LEFT JOIN (SELECT article_id, count(*) AS quotes FROM quotes GROUP BY article_id) AS said USING (article_id)
),
read AS (SELECT page_id, host, page_id IN (SELECT page_id FROM articles) AS with_article FROM pages),
large AS (SELECT host FROM read WHERE host IS NOT NULL GROUP BY host ORDER BY count(*) DESC, host LIMIT 200)
SELECT name, scope, CAST(value AS DOUBLE) AS value, CAST(base AS BIGINT) AS base
FROM (
    SELECT 'pages' AS name, '' AS scope, count(*) AS value, NULL AS base FROM read
    UNION ALL SELECT 'extraction_rate', '', avg(CAST(with_article AS INT)), count(*) FROM read
    UNION ALL SELECT 'quotes_per_1000_words', '', 1000 * sum(quotes) / nullif(sum(word_count), 0), count(*) FROM facts
    UNION ALL SELECT 'without_title', '', avg(CAST(title IS NULL AS INT)), count(*) FROM facts
    UNION ALL SELECT 'without_date', '', avg(CAST(published IS NULL AS INT)), count(*) FROM facts
    UNION ALL SELECT 'without_author', '', avg(CAST(NOT has_author AS INT)), count(*) FROM facts
    UNION ALL SELECT 'without_speaker', '', avg(CAST(speaker IS NULL AS INT)), count(*) FROM quotes
    UNION ALL SELECT 'repeated_articles', '', avg(CAST(repeated AS INT)), count(*) FROM facts
    UNION ALL SELECT 'host_pages', host, count(*), NULL FROM read SEMI JOIN large USING (host) GROUP BY host
    UNION ALL
    SELECT 'host_extraction_rate', host, avg(CAST(with_article AS INT)), count(*)
    FROM read SEMI JOIN large USING (host) GROUP BY host
    UNION ALL
    SELECT 'host_quotes_per_1000_words', host, 1000 * sum(quotes) / nullif(sum(word_count), 0), count(*)
    FROM facts SEMI JOIN large USING (host) GROUP BY host
    UNION ALL
    SELECT 'host_age_days', host, median(age), count(age) FROM facts SEMI JOIN large USING (host) GROUP BY host
    UNION ALL
    SELECT 'language_share', language, count(*) / sum(count(*)) OVER (), sum(count(*)) OVER ()
    FROM facts GROUP BY language
)
WHERE value IS NOT NULL
ORDER BY name, scope
