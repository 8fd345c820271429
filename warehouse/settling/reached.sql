-- The wordings whose quotation may be another now: all that are connected with a new pair, or with a wording that went.
INSERT INTO wording_pairs FROM new_pairs;
CREATE OR REPLACE TEMP TABLE reached AS
WITH RECURSIVE linked (here, there) AS ( -- both ways: DuckDB compares each with each where a join says "one or the other"
    SELECT one, other FROM wording_pairs UNION ALL SELECT other, one FROM wording_pairs
),
near (wording_id) AS (
    SELECT one FROM new_pairs UNION SELECT other FROM new_pairs
    UNION
    SELECT wording_id FROM loosened SEMI JOIN wordings USING (wording_id)
    UNION
    SELECT linked.there FROM near JOIN linked ON near.wording_id = linked.here
)
FROM near;
