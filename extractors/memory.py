"""How much is remembered of what was worked out."""

# Results of a function, for lru_cache. A page repeats its own labels and words, and its site's pages do; pages of other
# sites hardly: with ten times as many, pages of different sites take the same time and a worker holds 65 MB more.
REMEMBERED = 5_000
