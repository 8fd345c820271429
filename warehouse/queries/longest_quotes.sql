-- Which are the longest quotes, and from which article?
-- $most INTEGER = 25: how many rows
SELECT length(text) AS characters, speaker, text, title, site
FROM quotes_with_context
ORDER BY characters DESC, text, quote_id
LIMIT $most;
