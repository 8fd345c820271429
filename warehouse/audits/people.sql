-- The people whom the batch touched, as they stand now, with what their checks need to know of other tables:
-- rows_with_id, name_is_an_alias, aliases (that are names), is_met (somebody quotes them, or they write).
WITH called AS (
    SELECT person_id, list(alias) AS aliases, count(*) FILTER (is_name) AS names
    FROM person_aliases SEMI JOIN touched_people USING (person_id)
    GROUP BY person_id
)
SELECT
    stored.person_id,
    stored.name,
    count(*) OVER (PARTITION BY stored.person_id) AS rows_with_id,
    coalesce(list_contains(called.aliases, stored.name), false) AS name_is_an_alias,
    coalesce(called.names, 0) AS aliases,
    stored.person_id IN (SELECT person_id FROM quotes WHERE person_id IS NOT NULL)
        OR stored.person_id IN (SELECT person_id FROM article_authors WHERE person_id IS NOT NULL) AS is_met
FROM people AS stored
SEMI JOIN touched_people USING (person_id)
LEFT JOIN called USING (person_id)
