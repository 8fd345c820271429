-- The index of `search`: DuckDB's own full-text index can only be built anew as a whole, this one grows with the rows.
-- It is filled before each publication, see index.py. No keys: one writer numbers words and documents, and reads are scans.

CREATE TABLE search_words (
    word_id INTEGER NOT NULL,
    word    VARCHAR NOT NULL,
    stem    VARCHAR NOT NULL
);
COMMENT ON TABLE search_words IS 'Every different word of quotes and articles, folded: lower case, no accents, no apostrophes';
COMMENT ON COLUMN search_words.word_id IS 'Number of the word, from 1';
COMMENT ON COLUMN search_words.word IS 'The folded word';
COMMENT ON COLUMN search_words.stem IS 'Its stem by the English Porter stemmer: what a search for it finds as well';

CREATE TABLE search_quotes (
    document_id INTEGER NOT NULL,
    row_id      UUID NOT NULL,
    run_id      UUID NOT NULL,
    words       INTEGER NOT NULL
);
COMMENT ON TABLE search_quotes IS 'The quotes that are in the search index';
COMMENT ON COLUMN search_quotes.document_id IS 'Number of the quote in the index, from 1';
COMMENT ON COLUMN search_quotes.row_id IS 'The quote';
COMMENT ON COLUMN search_quotes.run_id IS 'The run that wrote the quote as it was indexed; another one in quotes means that this entry is out of date';
COMMENT ON COLUMN search_quotes.words IS 'How many words it has';

CREATE TABLE search_quote_words (
    word_id     INTEGER NOT NULL,
    document_id INTEGER NOT NULL,
    times       INTEGER NOT NULL
);
COMMENT ON TABLE search_quote_words IS 'Which word stands in which quote how often';
COMMENT ON COLUMN search_quote_words.word_id IS 'The word';
COMMENT ON COLUMN search_quote_words.document_id IS 'The quote, by its number in the index';
COMMENT ON COLUMN search_quote_words.times IS 'How often it stands there';

CREATE TABLE search_articles (
    document_id INTEGER NOT NULL,
    row_id      UUID NOT NULL,
    run_id      UUID NOT NULL,
    words       INTEGER NOT NULL
);
COMMENT ON TABLE search_articles IS 'The articles that are in the search index';
COMMENT ON COLUMN search_articles.document_id IS 'Number of the article in the index, from 1';
COMMENT ON COLUMN search_articles.row_id IS 'The article';
COMMENT ON COLUMN search_articles.run_id IS 'The run that wrote the article as it was indexed; another one in articles means that this entry is out of date';
COMMENT ON COLUMN search_articles.words IS 'How many words it has, those of its title three times';

CREATE TABLE search_article_words (
    word_id     INTEGER NOT NULL,
    document_id INTEGER NOT NULL,
    times       INTEGER NOT NULL
);
COMMENT ON TABLE search_article_words IS 'Which word stands in which article how often';
COMMENT ON COLUMN search_article_words.word_id IS 'The word';
COMMENT ON COLUMN search_article_words.document_id IS 'The article, by its number in the index';
COMMENT ON COLUMN search_article_words.times IS 'How often it stands there, in the title three times as often';
