-- Who is known, under which names, and do they speak or write?
SELECT
    people.name,
    list(person_aliases.alias ORDER BY person_aliases.mentions DESC, person_aliases.alias) AS aliases,
    coalesce(any_value(said.quotes), 0) AS quotes,
    coalesce(any_value(written.articles), 0) AS articles_written
FROM people
LEFT JOIN person_aliases USING (person_id)
LEFT JOIN (SELECT person_id, count(*) AS quotes FROM quotes GROUP BY person_id) AS said USING (person_id)
LEFT JOIN (SELECT person_id, count(*) AS articles FROM article_authors GROUP BY person_id) AS written USING (person_id)
GROUP BY people.person_id, people.name
ORDER BY quotes DESC, articles_written DESC, people.name, people.person_id
LIMIT 200;
