-- Which names belong to several people who could not be told to be one?
SELECT people.name, count(*) AS people, list(quotes_by_person.works) AS works, sum(quotes_by_person.quotes)::BIGINT AS quotes
FROM people
LEFT JOIN quotes_by_person USING (person_id)
GROUP BY people.name
HAVING count(*) > 1
ORDER BY people DESC, people.name;
