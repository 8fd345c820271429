-- Of the ranked articles from one place to another those that pass the filters; a speaker is one who is quoted in it.
SELECT
    round(ranked.score, 3) AS score,
    articles.title,
    articles.body AS text,
    articles.site,
    articles.published,
    articles.address,
    articles.article_id
FROM search_ranked AS ranked
JOIN articles_current AS articles ON articles.article_id = ranked.row_id AND articles.run_id = ranked.run_id
WHERE ranked.place BETWEEN $first AND $last
  AND ($speaker IS NULL OR articles.article_id IN (
      SELECT article_id
      FROM quotes
      WHERE list_has_all(words_of(quotes.speaker), words_of($speaker))
         OR quotes.person_id IN (
             SELECT person_id FROM person_aliases WHERE list_has_all(words_of(alias), words_of($speaker))
         )
  ))
  AND ($site IS NULL OR list_has_all(words_of(articles.site), words_of($site)) OR articles.host = lower($site))
  AND ($since IS NULL OR articles.published >= $since)
  AND ($until IS NULL OR articles.published <= $until)
  AND list_bool_and(list_transform(
      $phrases::VARCHAR[],
      lambda phrase: contains(concat(' ', array_to_string(words_of(articles.title), ' '), ' '), phrase)
          OR contains(concat(' ', array_to_string(words_of(articles.body), ' '), ' '), phrase)
  )) IS NOT false
ORDER BY ranked.place
LIMIT $limit
