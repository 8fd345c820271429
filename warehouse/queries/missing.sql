-- Which articles lack a title, a site, a date or an author?
SELECT
    articles.title,
    articles.site,
    articles.published,
    list_filter([
        if(articles.title IS NULL, 'title', NULL),
        if(articles.site IS NULL, 'site', NULL),
        if(articles.published IS NULL, 'date', NULL),
        if(article_authors.article_id IS NULL, 'author', NULL)
    ], lambda lack: lack IS NOT NULL) AS lacks,
    left(articles.body, 80) AS begins,
    articles.address
FROM articles_current AS articles
LEFT JOIN (SELECT DISTINCT article_id FROM article_authors) AS article_authors USING (article_id)
WHERE len(lacks) > 0
ORDER BY len(lacks) DESC, articles.title;
