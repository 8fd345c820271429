-- The people whom the batch touched, by the full name they are called most often.
SELECT person_id, arg_max(alias, (contains(alias, ' '), mentions, -length(alias), alias)) AS name
FROM person_aliases SEMI JOIN touched_people USING (person_id)
WHERE is_name
GROUP BY person_id
