-- Every missing row gets its entry, also one without any word, so that it is not looked at again.
INSERT INTO {documents}
SELECT document_id, row_id, run_id, coalesce(words, 0)
FROM search_missing
LEFT JOIN (SELECT document_id, sum(times) AS words FROM search_counted GROUP BY document_id) USING (document_id)
ORDER BY document_id
