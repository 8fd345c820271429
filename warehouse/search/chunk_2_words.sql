-- Words that were never met before.
INSERT INTO search_words
SELECT row_number() OVER (ORDER BY word) + (SELECT coalesce(max(word_id), 0) FROM search_words), word, stem(word, 'porter')
FROM (SELECT DISTINCT word FROM search_counted ANTI JOIN search_words USING (word))
