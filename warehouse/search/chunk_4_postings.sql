-- Sorted, so that it packs to a few bytes a row, and a search skips the parts that do not have its words.
INSERT INTO {postings}
SELECT word_id, document_id, sum(times)
FROM search_pieces
JOIN search_spelled USING (piece)
JOIN search_words USING (word)
GROUP BY word_id, document_id
ORDER BY word_id, document_id
