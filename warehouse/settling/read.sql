-- One chunk of read quotes.
INSERT INTO read SELECT quote_id, wording_id FROM read_chunk;
INSERT INTO fresh
SELECT wording_id, wording_id AS quotation_id, words, speaker, work_id, keys FROM wordings_chunk
WHERE wording_id NOT IN (SELECT wording_id FROM wordings) AND wording_id NOT IN (SELECT wording_id FROM fresh);
