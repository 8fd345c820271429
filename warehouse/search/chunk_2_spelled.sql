-- The words in each different piece.
CREATE OR REPLACE TEMP TABLE search_spelled AS
SELECT piece, unnest(words_of(piece)) AS word FROM (SELECT DISTINCT piece FROM search_pieces)
