-- Who is quoted most?
-- $most INTEGER = 50: how many rows
SELECT person, quotes, quotations, articles, works
FROM quotes_by_person
LIMIT $most;
