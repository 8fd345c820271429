"""Training of the block, cut and piece classifiers: `make train`. Needs a parquet of labelled pages, see corpus.py."""
