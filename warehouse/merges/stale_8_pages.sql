-- A page that is met again after another version had taken its place at the same address counts as the newest now.
UPDATE pages SET returned = back.seen
FROM (
    SELECT mine.page_id, coalesce(incoming.fetched_at, incoming.first_seen) AS seen
    FROM incoming_pages AS incoming
    JOIN pages AS mine USING (page_id)
    JOIN pages AS other
      ON coalesce(other.url, other.uri) = coalesce(mine.url, mine.uri) AND other.page_id <> mine.page_id
    WHERE 'replay' NOT IN (SELECT trigger FROM incoming_runs)
    GROUP BY ALL
    HAVING max(coalesce(other.returned, other.fetched_at, other.first_seen))
         > any_value(coalesce(mine.returned, mine.fetched_at, mine.first_seen))
       AND max(coalesce(other.returned, other.fetched_at, other.first_seen)) < seen
) AS back
WHERE pages.page_id = back.page_id
