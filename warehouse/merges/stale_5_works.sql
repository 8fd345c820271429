-- Works that no article is about any more.
DELETE FROM works
WHERE work_id NOT IN (SELECT work_id FROM articles WHERE work_id IS NOT NULL)
  AND work_id NOT IN (SELECT work_id FROM incoming_works)
