-- What does a random handful of quotes look like, to be read by hand?
-- $most INTEGER = 20: how many rows
-- $seed VARCHAR = 'a': another seed gives other quotes
SELECT before, text, after, speaker, rule, title
FROM quotes_with_context
ORDER BY md5(quote_id::VARCHAR || $seed)
LIMIT $most;
