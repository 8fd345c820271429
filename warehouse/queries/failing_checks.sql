-- Which checks find the most, and how often did they?
SELECT
    table_name,
    name,
    severity,
    any_value(description) AS description,
    count(*) FILTER (NOT success) AS runs_failed,
    sum(unexpected_count)::BIGINT AS rows_failed
FROM checks
GROUP BY table_name, name, severity
HAVING rows_failed > 0 OR runs_failed > 0
ORDER BY rows_failed DESC, runs_failed DESC, table_name, name;
