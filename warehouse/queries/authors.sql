-- Who wrote what?
SELECT people.name AS author, count(*) AS articles, list(articles.title ORDER BY articles.published) AS titles
FROM article_authors
JOIN people USING (person_id)
JOIN articles_current AS articles USING (article_id)
GROUP BY people.person_id, author
ORDER BY articles DESC, author;
