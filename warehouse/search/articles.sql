-- Of the ranked articles from one place to another those that pass the filters; a speaker is one who is quoted in it.
-- Without their bodies: a join would unpack all there are.
WITH looked_up AS MATERIALIZED (
    SELECT ranked.place, round(ranked.score, 3) AS score, articles.* EXCLUDE (body)
    FROM search_ranked AS ranked
    JOIN articles_current AS articles ON articles.article_id = ranked.row_id AND articles.run_id = ranked.run_id
    WHERE ranked.place BETWEEN $first AND $last
)
SELECT score, title, site, published, address, article_id
FROM looked_up
WHERE ($speaker IS NULL OR article_id IN (
    SELECT article_id
    FROM quotes
    WHERE list_has_all(words_of(speaker), words_of($speaker))
       OR person_id IN (SELECT person_id FROM person_aliases WHERE list_has_all(words_of(alias), words_of($speaker)))
))
AND ($site IS NULL OR list_has_all(words_of(site), words_of($site)) OR host = lower($site))
AND ($since IS NULL OR published >= $since)
AND ($until IS NULL OR published <= $until)
ORDER BY place
LIMIT $limit
