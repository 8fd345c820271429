-- What came in from each source on each day?
-- $since DATE = NULL: only days from this one; all, if not given
SELECT day, source, pages, articles, quotes, words
FROM source_daily
WHERE $since IS NULL OR day >= $since;
