"""Pages that hold several articles: collages of labelled pages, pasted in several ways, split by models that have not
seen their domains.

    make bench-collages PAGES=pages.parquet MODELS=folder

Beside the predicted boundaries stand the true ones, so that the splitter and the decision "is this an article" can be
told apart.
"""

import argparse
import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from extractors.articles.assemble import body_of
from extractors.articles.split import Run, Unsplit, splits_of
from extractors.blocks.document import Document, piece_of
from extractors.blocks.model import Booster, Kind, Models, models_in
from flows.training.corpus import labelled_pages
from flows.training.samples import Collage, collages_of
from tests.benchmarks.measures import shingles

FOLDS = 5
SEED = 99  # other collages than those the models were trained on


def main() -> None:
    """Print a line per kind of collage."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", type=Path)
    parser.add_argument("models", type=Path)
    args = parser.parse_args()
    pages = labelled_pages(args.pages, FOLDS)
    print(f"{'kind':8}{'collages':>9}{'article F':>11}{'right number':>14}   true boundaries: {'F':>6}{'number':>8}")
    kinds: tuple[Kind, ...] = ("html", "text")
    for kind in kinds:
        models = [models_in(args.models / f"fold-{fold}", kind) for fold in range(FOLDS)]
        collages = list(collages_of(pages, FOLDS, html=kind == "html", rounds=1, seed=SEED))
        found = [_scores(c, _bodies(c, models[c.fold])) for c in collages]
        given = [_scores(c, _bodies_at(c, models[c.fold])) for c in collages]
        cells = [statistics.mean(f for fs, _ in scores for f in fs) for scores in (found, given)]
        right = [statistics.mean(ok for _, ok in scores) for scores in (found, given)]
        print(f"{kind:8}{len(collages):>9}{cells[0]:>11.3f}{right[0]:>14.3f}   {cells[1]:>23.3f}{right[1]:>8.3f}")


def _bodies(collage: Collage, models: Models) -> list[str]:
    blocks = collage.document.blocks
    return [body_of([blocks[i] for i in run.body])[0] for run in _runs([collage.document], models)]


def _bodies_at(collage: Collage, models: Models) -> list[str]:
    """The articles when the true boundaries are given."""
    ends = (*collage.starts[1:], len(collage.document.blocks))
    parts = [piece_of(collage.document, start, stop) for start, stop in zip(collage.starts, ends, strict=True)]
    blocks = collage.document.blocks
    uncut = replace(models, cuts=Booster(_Never()))
    return [body_of([blocks[i] for i in run.body])[0] for run in _runs(parts, uncut)]


def _runs(documents: Sequence[Document], models: Models) -> tuple[Run, ...]:
    (split,) = splits_of([Unsplit(documents=documents)], models)
    return split.runs


class _Never:
    """Finds no boundary."""

    def predict(self, rows: np.ndarray, **_: object) -> np.ndarray:
        return np.zeros(len(rows))


def _scores(collage: Collage, bodies: list[str]) -> tuple[list[float], bool]:
    """(the F of each true article with the best body that is left for it, is their number right?)."""
    wanted = [shingles(body) for body, article in zip(collage.bodies, collage.articles, strict=True) if article]
    found = [shingles(body) for body in bodies]
    pairs = sorted(((_f(a, b), i, j) for i, a in enumerate(found) for j, b in enumerate(wanted)), reverse=True)
    scores: dict[int, float] = {}
    used: set[int] = set()
    for value, i, j in pairs:
        if i not in used and j not in scores:
            scores[j] = value
            used.add(i)
    return [scores.get(j, 0.0) for j in range(len(wanted))], len(found) == len(wanted)


def _f(a: Counter[tuple[str, ...]], b: Counter[tuple[str, ...]]) -> float:
    common = (a & b).total()
    return 2 * common / (a.total() + b.total()) if common else 0.0


if __name__ == "__main__":
    main()
