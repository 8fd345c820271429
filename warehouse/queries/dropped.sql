-- Why were blocks dropped, and how many of each kind?
SELECT role, reason, count(*) AS blocks, count(DISTINCT page_id) AS pages, round(avg(score), 3) AS mean_score
FROM blocks
WHERE article_id IS NULL
GROUP BY role, reason
ORDER BY blocks DESC, role, reason;
