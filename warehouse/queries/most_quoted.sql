-- Who is quoted most?
SELECT person, quotes, quotations, articles, works
FROM quotes_by_person
LIMIT 50;
