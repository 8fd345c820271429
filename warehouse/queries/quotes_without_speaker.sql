-- Which quotes lack a speaker, and by which rule were they found?
SELECT rule, kind, text, before, after, title
FROM quotes_with_context
WHERE speaker IS NULL
ORDER BY rule, title, position, quote_id;
