-- The body of one article, if all phrases are in it or in the title.
SELECT body
FROM articles
WHERE article_id = $article_id
  AND list_bool_and(list_transform(
      $phrases::VARCHAR[],
      lambda phrase: contains(concat(' ', array_to_string(words_of(title), ' '), ' '), phrase)
          OR contains(concat(' ', array_to_string(words_of(body), ' '), ' '), phrase)
  )) IS NOT false
