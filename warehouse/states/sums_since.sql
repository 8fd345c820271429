-- What the runs since a moment brought, and what waits in the quarantine now.
SELECT
    count(*) AS runs,
    count(*) FILTER (state = 'refused') AS "runs refused by the checks",
    coalesce(sum(pages), 0)::BIGINT AS pages,
    coalesce(sum(pages_without_article), 0)::BIGINT AS "pages without an article",
    coalesce(sum(refused), 0)::BIGINT AS "inputs refused",
    coalesce(sum(articles_loaded), 0)::BIGINT AS "articles loaded",
    coalesce(sum(quotes_loaded), 0)::BIGINT AS "quotes loaded",
    (SELECT count(*) FROM quarantine_open) AS "open in the quarantine"
FROM runs
WHERE started >= $since
