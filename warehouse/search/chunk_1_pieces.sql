-- What stands between blanks in some of the missing rows, counted. Splitting at blanks is ten times as fast as finding
-- words, and as no word holds a blank, it is enough to look for words once in each different piece.
CREATE OR REPLACE TEMP TABLE search_pieces AS
SELECT document_id, piece, count(*) AS times
FROM (
    SELECT document_id, unnest(string_split({text}, ' ')) AS piece
    FROM search_missing
    JOIN {table} ON {key} = row_id
    WHERE document_id BETWEEN $first AND $last
)
GROUP BY ALL
