-- The entries that have all wanted words, ranked by Okapi BM25 (k1 = 1.2, b = 0.75, as most engines have it; Robertson and
-- Zaragoza, "The Probabilistic Relevance Framework", 2009). A wanted word is a set of stored ones: those of its stem.
CREATE OR REPLACE TEMP TABLE search_ranked AS
WITH wanted AS (
    SELECT unnest($parts) AS part, unnest($word_ids) AS word_id
), hits AS (
    SELECT part, document_id, sum(times) AS times
    FROM {postings}
    JOIN wanted USING (word_id)
    GROUP BY part, document_id
), spread AS (
    SELECT part, count(*) AS documents FROM hits GROUP BY part
), everything AS (
    SELECT count(*) AS documents, greatest(avg(words), 1) AS words FROM {documents}
)
SELECT row_number() OVER (ORDER BY score DESC, document_id) AS place, row_id, run_id, score
FROM (
    SELECT
        entry.document_id,
        any_value(entry.row_id) AS row_id,
        any_value(entry.run_id) AS run_id,
        sum(
            ln(1 + (everything.documents - spread.documents + 0.5) / (spread.documents + 0.5))
            * hits.times * 2.2
            / (hits.times + 1.2 * (0.25 + 0.75 * entry.words / everything.words))
        ) AS score
    FROM hits
    JOIN spread USING (part)
    JOIN {documents} AS entry USING (document_id)
    CROSS JOIN everything
    GROUP BY entry.document_id
    HAVING count(*) = $count
)
