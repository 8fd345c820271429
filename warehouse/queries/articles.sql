-- Which articles are there, with site, date, length and number of quotes?
-- $site VARCHAR = NULL: only this site; all, if not given
-- $since DATE = NULL: only published on this day or later; all, if not given
SELECT title, site, kind, published, word_count AS words, quote_count AS quotes
FROM articles_current
WHERE ($site IS NULL OR site = $site) AND ($since IS NULL OR published >= $since)
ORDER BY published DESC NULLS LAST, title;
