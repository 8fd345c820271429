-- The words of a text, folded. Whoever changes this has to empty the search_… tables in a migration: they hold its answers.
-- Chinese and Japanese do not divide words: each of their characters is one.
CREATE OR REPLACE TEMP MACRO words_of(text) AS
regexp_extract_all(
    regexp_replace(lower(strip_accents(text)), '[''’](s\b)?', '', 'g'),
    '[\p{Han}\p{Hiragana}\p{Katakana}]|[\pL\pM\pN]+'
)
