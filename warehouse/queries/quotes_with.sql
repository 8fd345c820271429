-- Which quotes hold certain words as they are written, and who says them?
-- $words VARCHAR = 'love': what to look for, upper or lower case; `search` also finds other forms of a word
-- $most INTEGER = 50: how many rows
SELECT text, speaker, title, site, published
FROM quotes_with_context
WHERE contains(lower(text), lower($words))
ORDER BY length(text), text, quote_id
LIMIT $most;
