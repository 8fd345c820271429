-- Of the ranked quotes from one place to another those that pass the filters. They are looked up before they are
-- filtered: DuckDB would look for a phrase in every quote there is.
WITH looked_up AS MATERIALIZED (
    SELECT
        ranked.place,
        round(ranked.score, 3) AS score,
        quotes.text,
        quotes.speaker,
        quotes.person_id,
        quotes.quote_id,
        quotes.article_id
    FROM search_ranked AS ranked
    JOIN quotes ON quotes.quote_id = ranked.row_id AND quotes.run_id = ranked.run_id
    WHERE ranked.place BETWEEN $first AND $last
)
SELECT
    looked_up.score,
    looked_up.text,
    looked_up.speaker,
    articles.title,
    articles.site,
    articles.published,
    articles.address,
    looked_up.quote_id,
    looked_up.article_id
FROM looked_up
JOIN articles_current AS articles USING (article_id)
WHERE (
    $speaker IS NULL
    OR list_has_all(words_of(looked_up.speaker), words_of($speaker))
    OR looked_up.person_id IN (
        SELECT person_id FROM person_aliases WHERE list_has_all(words_of(alias), words_of($speaker))
    )
)
AND ($site IS NULL OR list_has_all(words_of(articles.site), words_of($site)) OR articles.host = lower($site))
AND ($since IS NULL OR articles.published >= $since)
AND ($until IS NULL OR articles.published <= $until)
AND list_bool_and(list_transform(
    $phrases::VARCHAR[],
    lambda phrase: contains(concat(' ', array_to_string(words_of(looked_up.text), ' '), ' '), phrase)
)) IS NOT false
ORDER BY looked_up.place
LIMIT $limit
