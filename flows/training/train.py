"""Fit the classifiers: `python -m flows.training.train PAGES.parquet OUT [--folds 5] [--kind html]`.

OUT gets one text-form model per name for use; with --folds also OUT/fold-K, trained without the domains of fold K, for
honest benchmarks. The order matters: cuts and pieces are trained on block scores that come from models which have not
seen the page (out of fold), as they will be in use.
"""

import argparse
import sys
import time
from collections.abc import Sequence
from functools import partial
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np

from extractors.articles.bridge import text_by_trafilatura
from extractors.articles.chances import chance_features, whole
from extractors.articles.cuts import gap_features
from extractors.blocks.context import context_features
from extractors.blocks.document import Document, piece_of
from extractors.blocks.features import features_of
from extractors.blocks.model import Booster, Judge, Kind, scores_from, unsure_of
from extractors.blocks.opinion import expected_f, opinion_features
from extractors.blocks.pieces import piece_features
from extractors.blocks.stack import Stack
from extractors.blocks.textstats import Floats
from extractors.blocks.wording import Wording, written
from extractors.formats.charset import charset_of, text_of
from flows.training.corpus import LabelledPage, labelled_pages
from flows.training.rows import GapRows, PartRows
from flows.training.samples import Collage, Rendition, Sample, collages_of, samples_of
from flows.training.words import WordTrainer

# (trees, learning rate, leaves) by sort of model
TREES = {
    "html_first": (80, 0.1, 31),
    "html": (350, 0.05, 48),
    "text_first": (100, 0.1, 31),
    "text": (300, 0.05, 48),
    "third": (80, 0.05, 15),
    "cuts": (200, 0.05, 15),
    "pieces": (200, 0.05, 11),
}
UNSURE = 0.85  # expected F of the pages that teach the third model: more than those it is asked for, to have enough
ROUNDS = {"html": 3, "text": 5}  # collages made of each article


def parameters(rate: float, leaves: int, smallest: int) -> dict[str, Any]:
    """LightGBM's settings; one thread and fixed seeds make a run repeatable."""
    return {
        "objective": "cross_entropy", "learning_rate": rate, "num_leaves": leaves, "min_data_in_leaf": smallest,
        "feature_fraction": 0.4, "bagging_fraction": 0.7, "bagging_freq": 1, "lambda_l2": 2.0, "max_bin": 127, "num_threads": 1,
        "seed": 3, "deterministic": True, "verbose": -1,
    }  # fmt: skip


def fitted(rows: np.ndarray, target: Floats, weight: Floats, kind: str) -> Any:
    """A trained booster."""
    import lightgbm

    trees, rate, leaves = TREES[kind]
    smallest = 20 if kind in ("cuts", "pieces") else 120  # blocks are many and noisy, the others few
    data = lightgbm.Dataset(rows, target, weight=weight + 1e-4, free_raw_data=True)
    few = {"feature_fraction": 0.7} if kind == "third" else {}  # it has 15 columns, the others hundreds
    return lightgbm.train(parameters(rate, leaves, smallest) | few, data, num_boost_round=trees)


def _pair(a: int, b: int) -> tuple[int, int]:
    return min(a, b), max(a, b)


UNUSED = (
    "leaf_weight",
    "leaf_count",
    "internal_value",
    "internal_weight",
    "internal_count",
    "split_gain",
    "tree_sizes",
)


def slimmed(model: str) -> str:
    """A text-form model with only what prediction needs, a third of its size; scores change by less than 1e-6."""
    lines = []
    for line in model.partition("end of trees")[0].splitlines():
        key, _, value = line.partition("=")
        if key in ("threshold", "leaf_value"):
            lines.append(f"{key}={' '.join(f'{float(number):.7g}' for number in value.split())}")
        elif key not in UNUSED:
            lines.append(line)
    return "\n".join([*lines, "end of trees", "", ""])


def _blind_scores(judge: Judge, document: Document) -> Floats:
    """The scores of the blocks of a document whose head nobody sees."""
    stack = Stack([document])
    return scores_from(judge, stack, features_of(stack, blind=True), blind=True)[0]


class Trainer:
    """Fits everything for one split of the pages; keeps out-of-fold boosters of the block models."""

    def __init__(self, pages: Sequence[LabelledPage], folds: int, out: Path) -> None:
        self.pages, self.folds, self.out = pages, folds, out
        self.started = time.monotonic()

    def run(self, kinds: Sequence[Kind]) -> None:
        """All models of the kinds of page."""
        for kind in kinds:
            renditions: tuple[Rendition, ...] = ("html",) if kind == "html" else ("text_full", "text_main")
            samples = [sample for name in renditions for sample in samples_of(self.pages, name)]
            self.say(f"{kind}: {len(samples)} pages, {sum(len(sample.share) for sample in samples):,} blocks")
            judges = self.blocks(samples, kind)
            scores = [scores_from(judges[s.page.fold], Stack([s.document]), s.rows, blind=s.blind)[0] for s in samples]
            collages = list(collages_of(self.pages, self.folds, html=kind == "html", rounds=ROUNDS[kind]))
            scored = [_blind_scores(judges[c.fold], c.document) for c in collages]
            self.say(f"{kind}: {len(collages)} collages")
            if kind == "html":
                self.third(samples, judges)
            wordings = self.wordings(samples, kind)
            cuts = self.cuts(collages, scored, samples, scores, kind, wordings)
            if kind == "text":
                self.parts(collages, scored, judges, cuts, wordings)
            else:
                self.pieces(collages, judges, samples, scores, wordings)

    def say(self, text: str) -> None:
        print(f"{time.monotonic() - self.started:6.0f} s  {text}", file=sys.stderr, flush=True)

    def save(self, booster: Any, name: str, without: int | None) -> None:
        folder = self.out if without is None else self.out / f"fold-{without}"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.txt").write_text(slimmed(booster.model_to_string()), "utf-8")

    def blocks(self, samples: Sequence[Sample], kind: str) -> list[Judge]:
        """The two block models, for use and without each fold; returns the judges by the fold they have not seen.

        The second model of fold k is trained on first scores of models that saw neither fold k nor the page scored.
        """
        everything = range(self.folds)
        alone = [self.first(samples, kind, {fold}) for fold in everything]
        both = {pair: self.first(samples, kind, set(pair)) for pair in combinations(everything, 2)}
        whole = self.first(samples, kind, set())
        self.say(f"{kind}: first models fitted")
        judges = []
        for without in (*everything, None):
            chosen = [sample for sample in samples if sample.page.fold != without]
            unseen = [alone[s.page.fold] if without is None else both[_pair(without, s.page.fold)] for s in chosen]
            firsts = [booster.predict(sample.rows) for booster, sample in zip(unseen, chosen, strict=True)]
            types, articles = self.types(chosen, firsts)
            unsure = [unsure_of(found) for found in firsts]
            rows = [
                context_features(Stack([s.document]), s.rows, f, np.array([a]), u)
                for s, f, a, u in zip(chosen, firsts, articles, unsure, strict=True)
            ]
            booster = fitted(
                np.vstack(rows),
                np.concatenate([sample.share[u] for sample, u in zip(chosen, unsure, strict=True)]),
                np.concatenate([sample.weight[u] for sample, u in zip(chosen, unsure, strict=True)]),
                kind,
            )
            first = whole if without is None else alone[without]
            for model, name in ((first.model, f"{kind}_first"), (types, f"{kind}_types"), (booster, kind)):
                self.save(model, name, without)
            self.say(f"{kind}: second model fitted without fold {without}")
            judges.append(Judge(first=first, types=Booster(types), second=Booster(booster)))
        return judges

    def third(self, samples: Sequence[Sample], judges: Sequence[Judge]) -> None:
        """The model that also sees another extractor's text, on the pages that the others are least sure of."""
        rows, targets, weights, folds = [], [], [], []
        for sample in samples:
            stack = Stack([sample.document])
            scores, (article,) = scores_from(judges[sample.page.fold], stack, sample.rows, blind=sample.blind)
            if expected_f(scores, sample.document.lines.words) < UNSURE:
                text = text_by_trafilatura(text_of(sample.page.html, charset_of(sample.page.html)))
                rows.append(opinion_features(sample.document, scores, article, text))
                targets.append(sample.share)
                weights.append(sample.weight)
                folds.append(np.full(len(scores), sample.page.fold))
        self.each_fold(
            np.vstack(rows),
            np.concatenate(targets),
            np.concatenate(weights),
            np.concatenate(folds),
            "html_third",
            "third",
        )

    def types(self, chosen: Sequence[Sample], firsts: Sequence[Floats]) -> tuple[Any, list[float]]:
        """(the page type model over all chosen pages, the probability of each from a model without its fold)."""
        # Each page with a head a second time with it the other way, seen or hidden: all that heads declare is learnt.
        ways = (False, True) if chosen[0].rendition == "html" else (False,)
        rows = [
            np.vstack(
                [
                    piece_features(Stack([s.document]), f, blind=s.blind is not way)
                    for s, f in zip(chosen, firsts, strict=True)
                ]
            )
            for way in ways
        ]
        target = np.array([float(sample.page.is_article) for sample in chosen])
        folds = np.array([sample.page.fold for sample in chosen])
        found = np.zeros(len(chosen))

        def fit(of: np.ndarray) -> Any:
            weights = np.full(len(ways) * of.sum(), 1 / len(ways))
            return fitted(np.vstack([way[of] for way in rows]), np.tile(target[of], len(ways)), weights, "pieces")

        for fold in set(folds.tolist()):
            found[folds == fold] = fit(folds != fold).predict(rows[0][folds == fold])
        return fit(np.ones(len(folds), bool)), found.tolist()

    def first(self, samples: Sequence[Sample], kind: str, without: set[int]) -> Booster:
        """A first model on the pages of the other folds."""
        chosen = [sample for sample in samples if sample.page.fold not in without]
        return Booster(
            fitted(
                np.vstack([sample.rows for sample in chosen]), np.concatenate([sample.share for sample in chosen]),
                np.concatenate([sample.weight for sample in chosen]), f"{kind}_first",
            )
        )  # fmt: skip

    def cuts(
        self,
        collages: Sequence[Collage],
        scored: Sequence[Floats],
        samples: Sequence[Sample],
        scores: Sequence[Floats],
        kind: str,
        wordings: Sequence[Wording],
    ) -> list[Booster]:
        """Gaps of collages, and of ordinary pages, which have no boundary at all; returns the models by the fold they
        have not seen, as the `wordings` are.
        """
        gaps = GapRows(wordings)
        for collage, found in zip(collages, scored, strict=True):
            gaps.add(collage.document, found, collage.fold, collage.starts)
        for sample, found in zip(samples, scores, strict=True):
            gaps.add(sample.document, found, sample.page.fold)
        return self.each_fold(*gaps.arrays(), f"{kind}_cuts", "cuts")

    def wordings(self, samples: Sequence[Sample], kind: str) -> list[Wording]:
        """What words say, by the fold that it was not learnt from."""
        words = WordTrainer(samples, zones=kind == "text")
        found = []
        for without in (*range(self.folds), None):
            found.append(words.without(without))
            folder = self.out if without is None else self.out / f"fold-{without}"
            (folder / f"{kind}_words.txt").write_text(written(found[-1]), "utf-8")
        self.say(f"{kind}_words: fitted")
        return found

    def parts(
        self,
        collages: Sequence[Collage],
        scored: Sequence[Floats],
        judges: Sequence[Judge],
        cuts: Sequence[Booster],
        wordings: Sequence[Wording],
    ) -> None:
        """The parts that cuts by models which have not seen the fold leave of collages, as they will be in use: of those
        that hold some of an article, the one that is most like it counts as an article.
        """
        parts = PartRows()
        for collage, scores in zip(collages, scored, strict=True):
            fold = collage.fold
            likely = cuts[fold].predict(gap_features(Stack([collage.document]), scores, wordings[fold]))
            parts.add(collage, scores, likely, wordings[fold], partial(_blind_scores, judges[fold]))
        self.each_fold(*parts.arrays(), "text_pieces", "pieces")

    def pieces(
        self,
        collages: Sequence[Collage],
        judges: Sequence[Judge],
        samples: Sequence[Sample],
        scores: Sequence[Floats],
        wordings: Sequence[Wording],
    ) -> None:
        """Whole pages, seen with their head and without, and the parts of collages scored again by themselves."""
        ways = (False, True)
        rows = [
            chance_features([whole(sample.document, found)], wordings[sample.page.fold], blind=blind)
            for blind in ways
            for sample, found in zip(samples, scores, strict=True)
        ]
        targets = [float(sample.page.is_article) for sample in samples] * len(ways)
        folds = [sample.page.fold for sample in samples] * len(ways)
        for collage in collages:
            ends = (*collage.starts[1:], len(collage.document.blocks))
            for start, stop, article in zip(collage.starts, ends, collage.articles, strict=True):
                piece = piece_of(collage.document, start, stop)
                found = whole(piece, _blind_scores(judges[collage.fold], piece))
                rows.append(chance_features([found], wordings[collage.fold]))
                targets.append(float(article))
                folds.append(collage.fold)
        self.each_fold(np.vstack(rows), np.array(targets), np.ones(len(rows)), np.array(folds), "html_pieces", "pieces")

    def each_fold(
        self, rows: np.ndarray, target: Floats, weight: Floats, folds: np.ndarray, name: str, kind: str
    ) -> list[Booster]:
        """The models by the fold that they have not seen, the last one for use."""
        found = []
        for without in (*range(self.folds), None):
            chosen = folds != (-1 if without is None else without)
            found.append(Booster(fitted(rows[chosen], target[chosen], weight[chosen], kind)))
            self.save(found[-1].model, name, without)
        self.say(f"{name}: fitted on {len(rows):,} rows")
        return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--folds", type=int, default=5, help="3 or more (default: 5)")
    parser.add_argument("--kind", choices=("html", "text"), help="only the models of this kind of page")
    args = parser.parse_args()
    if args.folds < 3:  # models learn from answers of models that saw neither of two folds
        parser.error("--folds: 3 or more")
    Trainer(labelled_pages(args.pages, args.folds), args.folds, args.out).run(
        [args.kind] if args.kind else ["html", "text"]
    )


if __name__ == "__main__":
    main()
