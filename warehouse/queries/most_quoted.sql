-- Who is quoted most?
SELECT person, quotes, articles, works
FROM quotes_by_person
LIMIT 50;
