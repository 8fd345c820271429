-- What did somebody say, and where?
-- $person VARCHAR = NULL: a name, or a part of one; all, if not given
-- $most INTEGER = 50: how many rows
SELECT speaker, text, title, site, published
FROM quotes_with_context
WHERE speaker IS NOT NULL AND ($person IS NULL OR contains(lower(strip_accents(speaker)), lower(strip_accents($person))))
ORDER BY published DESC NULLS LAST, title, position, quote_id
LIMIT $most;
