-- Which remarks do articles carry, such as paywalled, and how many articles each?
SELECT flag, count(*) AS articles, min(title) AS one_of_them
FROM (SELECT unnest(flags) AS flag, title FROM articles_current)
GROUP BY flag
ORDER BY articles DESC, flag;
