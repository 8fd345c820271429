-- How did the last runs go?
SELECT * FROM run_quality
LIMIT 20;
