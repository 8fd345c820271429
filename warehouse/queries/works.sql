-- Which films, books and other works are written about, and how much?
SELECT works.title, works.year, works.type, count(*) AS articles, sum(articles.quote_count)::BIGINT AS quotes
FROM works
JOIN articles USING (work_id)
GROUP BY works.work_id, works.title, works.year, works.type
ORDER BY articles DESC, works.title;
