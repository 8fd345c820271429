-- Which articles are there, with site, date, length and number of quotes?
SELECT title, site, kind, published, word_count AS words, quote_count AS quotes
FROM articles_current
ORDER BY published DESC NULLS LAST, title;
