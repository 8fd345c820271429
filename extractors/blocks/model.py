"""The trained classifiers: text-form LightGBM models, loaded once per process.

Training lives in flows/training, the model card in docs/model-card.md.
"""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from extractors.blocks.context import context_features
from extractors.blocks.pieces import piece_features
from extractors.blocks.stack import Stack
from extractors.blocks.textstats import Floats
from extractors.blocks.wording import Wording, wording_in

Kind = Literal["html", "text"]
SURE = 0.1  # a first score this near to 0 or 1 stands: asking again for these two thirds of all blocks changes no F


@dataclass(frozen=True, slots=True)
class Booster:
    """A LightGBM model on one thread: several processes share the cores, and two jobs of two threads each stalled."""

    model: Any

    def predict(self, rows: npt.NDArray[np.float32]) -> Floats:
        """One number between 0 and 1 per row."""
        return np.asarray(self.model.predict(rows, num_threads=1)) if len(rows) else np.zeros(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judge:
    """The block models: the second sees what the first says of the neighbourhood, and what sort of page it is; the
    third, where there is one, also what another extractor says.
    """

    first: Booster
    types: Booster
    second: Booster
    third: Booster | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Models:
    """All that a kind of page needs: who judges blocks, finds the cuts between articles, knows an article, and what words
    say.
    """

    judge: Judge
    cuts: Booster
    pieces: Booster
    wording: Wording


def unsure_of(first: Floats) -> npt.NDArray[np.bool_]:
    """The blocks that the first model leaves open: the second is taught by them and asked only for them."""
    return (first > SURE) & (first < 1 - SURE)


def scores_from(
    judge: Judge, stack: Stack, rows: npt.NDArray[np.float32], *, blind: bool = False
) -> tuple[Floats, Floats]:
    """(the probability of each block to be article text, that of each document to be an article); `rows` are the features
    of the blocks, `blind` if they leave out what heads say.
    """
    scores = judge.first.predict(rows)
    articles = judge.types.predict(piece_features(stack, scores, blind=blind))
    unsure = unsure_of(scores)
    if unsure.any():
        scores[unsure] = judge.second.predict(context_features(stack, rows, scores, articles, unsure))
    return scores, articles


def models_in(folder: Path, kind: Kind) -> Models:
    """The models of a folder: KIND_first.txt, KIND_types.txt, KIND.txt, KIND_cuts.txt, KIND_pieces.txt,
    KIND_words.txt and, if there is one, KIND_third.txt.
    """

    def booster(suffix: str) -> Booster:
        import lightgbm

        return Booster(lightgbm.Booster(model_str=(folder / f"{kind}{suffix}.txt").read_text("utf-8")))

    third = booster("_third") if (folder / f"{kind}_third.txt").exists() else None
    judge = Judge(first=booster("_first"), types=booster("_types"), second=booster(""), third=third)
    wording = wording_in(folder / f"{kind}_words.txt")
    return Models(judge=judge, cuts=booster("_cuts"), pieces=booster("_pieces"), wording=wording)


@cache
def shipped_models(kind: Kind) -> Models:
    """The models that come with the program."""
    return models_in(Path(str(files("extractors.blocks") / "models")), kind)
