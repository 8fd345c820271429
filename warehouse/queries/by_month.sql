-- How many articles and quotes were published in each month?
-- $site VARCHAR = NULL: only this site; all, if not given
SELECT
    strftime(date_trunc('month', published), '%Y-%m') AS month,
    count(*) AS articles,
    sum(quote_count)::BIGINT AS quotes,
    count(DISTINCT site) AS sites
FROM articles_current
WHERE published IS NOT NULL AND ($site IS NULL OR site = $site)
GROUP BY month
ORDER BY month DESC;
