-- Wordings that came, wordings that went, and which of the new ones may be a quotation with others.
UPDATE quotes SET wording_id = read.wording_id FROM read WHERE quotes.quote_id = read.quote_id;
CREATE OR REPLACE TEMP TABLE gone AS
FROM touched_wordings
WHERE wording_id NOT IN (SELECT wording_id FROM quotes WHERE wording_id IS NOT NULL);
DELETE FROM wordings WHERE wording_id IN (SELECT wording_id FROM gone);
CREATE OR REPLACE TEMP TABLE loosened AS
SELECT other AS wording_id FROM wording_pairs WHERE one IN (SELECT wording_id FROM gone)
UNION
SELECT one FROM wording_pairs WHERE other IN (SELECT wording_id FROM gone);
DELETE FROM wording_pairs
WHERE one IN (SELECT wording_id FROM gone) OR other IN (SELECT wording_id FROM gone);
INSERT INTO wordings FROM fresh;
-- A key that many wordings have ("I don't know") tells nothing; one of all the words, which has the top bit, always does.
-- Of the others two are needed, or one where there are few: most texts with one turn of phrase in common have no more.
CREATE OR REPLACE TEMP TABLE candidates AS
WITH asked AS MATERIALIZED (
    SELECT wording_id, len(keys) AS keys, unnest(keys) AS key FROM fresh
),
held AS MATERIALIZED (
    SELECT wording_id, keys, key FROM (SELECT wording_id, len(keys) AS keys, unnest(keys) AS key FROM wordings)
    SEMI JOIN asked USING (key)
),
telling AS MATERIALIZED (
    SELECT key FROM held
    GROUP BY key
    HAVING count(*) > 1 AND (count(*) <= 100 OR key >= 9223372036854775808)
)
SELECT least(asked.wording_id, held.wording_id) AS one, greatest(asked.wording_id, held.wording_id) AS other
FROM telling JOIN asked USING (key) JOIN held USING (key)
WHERE asked.wording_id <> held.wording_id
  AND (asked.wording_id < held.wording_id OR held.wording_id NOT IN (SELECT wording_id FROM fresh))
GROUP BY one, other
HAVING count(*) > 1 OR max(key) >= 9223372036854775808 OR min(least(asked.keys, held.keys)) <= 7;
CREATE OR REPLACE TEMP TABLE involved AS
SELECT row_number() OVER () - 1 AS place, wording_id, words, speaker, work_id
FROM wordings
WHERE wording_id IN (SELECT one FROM candidates UNION SELECT other FROM candidates);
