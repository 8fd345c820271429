-- The wordings whose quotation may be another now: all that are connected with a new pair, or with a wording that went.
INSERT INTO wording_pairs FROM new_pairs;
CREATE OR REPLACE TEMP TABLE reached AS
WITH RECURSIVE near (wording_id) AS (
    SELECT one FROM new_pairs UNION SELECT other FROM new_pairs
    UNION
    SELECT wording_id FROM loosened SEMI JOIN wordings USING (wording_id)
    UNION
    SELECT unnest([wording_pairs.one, wording_pairs.other])
    FROM near JOIN wording_pairs ON near.wording_id IN (wording_pairs.one, wording_pairs.other)
)
FROM near;
