-- Of which quotes is the extractor least sure?
-- $below DOUBLE = 0.9: only quotes with less confidence
-- $most INTEGER = 50: how many rows
SELECT round(confidence, 3) AS confidence, rule, speaker, text, before, after, title
FROM quotes_with_context
WHERE confidence < $below
ORDER BY confidence, text, quote_id
LIMIT $most;
