-- Who wrote what?
SELECT article_authors.name AS author, count(*) AS articles, list(articles.title ORDER BY articles.published) AS titles
FROM article_authors
JOIN articles_current AS articles USING (article_id)
GROUP BY author
ORDER BY articles DESC, author;
