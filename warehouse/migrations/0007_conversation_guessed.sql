-- Whether a conversation is a guess from the order of its lines, rather than shown by the page.
ALTER TABLE quotes ADD COLUMN conversation_guessed BOOLEAN DEFAULT false;
COMMENT ON COLUMN quotes.conversation_guessed IS 'True where the conversation is guessed from who speaks after whom, false where the page shows it';
