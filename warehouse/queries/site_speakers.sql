-- Whom does each site quote most?
-- $site VARCHAR = NULL: only this site; all, if not given
-- $most INTEGER = 5: how many people of each site
SELECT site, speaker, count(*) AS quotes, count(DISTINCT article_id) AS articles
FROM quotes_with_context
WHERE speaker IS NOT NULL AND site IS NOT NULL AND ($site IS NULL OR site = $site)
GROUP BY site, speaker
QUALIFY row_number() OVER (PARTITION BY site ORDER BY quotes DESC, speaker) <= $most
ORDER BY site, quotes DESC, speaker;
