-- What the people whom the batch touched are called. Of the words in the text only those that look like names.
SELECT person_id, alias, count(*) AS mentions, bool_or(is_name) AS is_name
FROM (
    SELECT person_id, speaker AS alias, true AS is_name FROM quotes SEMI JOIN touched_people USING (person_id)
    UNION ALL
    SELECT person_id, name, true FROM article_authors SEMI JOIN touched_people USING (person_id)
    UNION ALL
    SELECT person_id, speaker_as_written, false FROM quotes SEMI JOIN touched_people USING (person_id)
    WHERE speaker_as_written <> speaker
      AND regexp_matches(speaker_as_written, '^\p{Lu}\S*( (\p{Lu}\S*|\p{Ll}{1,3}))*$')
      AND NOT regexp_matches(speaker_as_written, '(?i)^(he|she|they|i|we|it|who|the|a|an|one|his|her|their|my|our)\b')
)
GROUP BY person_id, alias
