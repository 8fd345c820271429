"""Small pages that no other page equals, each an article with two quotes."""

from pathlib import Path

PAGE = """The {n}th Crossing
By Ada Marsh
Published: 3 March 2024

The harbour was quiet on morning {n} when the old ferry returned after eleven years in a foreign yard, and half of the
town had come down to the quay to see it.

"We never stopped believing that crossing {n} would come," said Tom Hale, who was her captain for two decades.

The council paid for repair {n} with the money from the sale of the old school, a decision that many had called foolish.

"I was wrong about crossing {n}," said the councillor Ruth Penn. "I have never been so glad to be wrong."

Regular service begins in April, with four crossings a day and a fifth on market days.
"""


def written_page(folder: Path, n: int) -> Path:
    """Page number n in the folder, whole at once."""
    folder.mkdir(exist_ok=True)
    path = folder / f"{n:06}.txt"
    half = folder / f".{path.name}.tmp"
    half.write_text(PAGE.format(n=n), encoding="utf-8")
    half.replace(path)
    return path
