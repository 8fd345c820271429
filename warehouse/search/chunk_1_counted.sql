-- The words of these rows, counted.
CREATE OR REPLACE TEMP TABLE search_counted AS
SELECT document_id, word, count(*) AS times
FROM (
    SELECT document_id, unnest(words_of({text})) AS word
    FROM search_missing
    JOIN {table} ON {key} = row_id
)
GROUP BY ALL
