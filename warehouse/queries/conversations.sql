-- Which exchanges have the most lines, and who takes part?
SELECT
    articles.title,
    quotes.conversation,
    any_value(quotes.conversation_guessed) AS guessed,
    count(*) AS lines,
    list(DISTINCT quotes.speaker ORDER BY quotes.speaker) FILTER (quotes.speaker IS NOT NULL) AS speakers,
    arg_min(quotes.text, quotes.position) AS first_line
FROM quotes
JOIN articles USING (article_id)
WHERE quotes.conversation IS NOT NULL
GROUP BY articles.article_id, articles.title, quotes.conversation
ORDER BY lines DESC, articles.title, articles.article_id, quotes.conversation
LIMIT 50;
