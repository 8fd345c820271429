-- Of the ranked quotes from one place to another those that pass the filters.
SELECT
    round(ranked.score, 3) AS score,
    quotes.text,
    quotes.speaker,
    articles.title,
    articles.site,
    articles.published,
    articles.address,
    quotes.quote_id,
    quotes.article_id
FROM search_ranked AS ranked
JOIN quotes ON quotes.quote_id = ranked.row_id AND quotes.run_id = ranked.run_id
JOIN articles_current AS articles USING (article_id)
WHERE ranked.place BETWEEN $first AND $last
  AND (
      $speaker IS NULL
      OR list_has_all(words_of(quotes.speaker), words_of($speaker))
      OR quotes.person_id IN (
          SELECT person_id FROM person_aliases WHERE list_has_all(words_of(alias), words_of($speaker))
      )
  )
  AND ($site IS NULL OR list_has_all(words_of(articles.site), words_of($site)) OR articles.host = lower($site))
  AND ($since IS NULL OR articles.published >= $since)
  AND ($until IS NULL OR articles.published <= $until)
  AND list_bool_and(list_transform(
      $phrases::VARCHAR[],
      lambda phrase: contains(concat(' ', array_to_string(words_of(quotes.text), ' '), ' '), phrase)
  )) IS NOT false
ORDER BY ranked.place
LIMIT $limit
