-- The next rows that are not in the index as they are now, numbered after those that are.
CREATE OR REPLACE TEMP TABLE search_missing AS
SELECT
    (row_number() OVER (ORDER BY {key}) + (SELECT coalesce(max(document_id), 0) FROM {documents}))::INTEGER AS document_id,
    {key} AS row_id,
    run_id
FROM {table}
ANTI JOIN {documents} AS documents ON documents.row_id = {table}.{key} AND documents.run_id = {table}.run_id
ORDER BY {key}
LIMIT {chunk}
