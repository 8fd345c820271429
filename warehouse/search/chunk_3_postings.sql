-- Sorted, so that it packs to a few bytes a row, and a search skips the parts that do not have its words.
INSERT INTO {postings}
SELECT word_id, document_id, times
FROM search_counted
JOIN search_words USING (word)
ORDER BY word_id, document_id
