"""What words say: whether a page is an article and, in plain text, where on its page a line stands.

Without markup little else tells where one pasted page ends and the next begins: "Skip to content" and a title stand at
the top of any page, "All rights reserved" and a form for comments at its foot. Logistic regressions over hashed words,
pairs of neighbouring words and whole lines.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from extractors.blocks.lines import Lines
from extractors.blocks.textstats import Floats, Ints

ZONES = ("first", "head", "foot", "last")
NEAR, FAR = 2, 12  # blocks from the edge of a page that are its first (last), and its head (foot)
BUCKETS = 1 << 13
SCALE = 100  # weights are stored as hundredths
_PAIR, _LINE = 0x9E3779B1, 0x85EBCA6B  # odd factors that keep pairs and whole lines apart from single words


@dataclass(frozen=True, slots=True)
class Wording:
    """The weights of the buckets: ((ZONES + 1) × BUCKETS), the last row those of articles; of HTML this row alone."""

    weights: npt.NDArray[np.float32]

    def zones(self, lines: Lines) -> Floats:
        """By how much the words of each line speak for each zone: (lines × ZONES), log-odds but for a constant."""
        owner, bucket, share = tokens_of(lines)
        count = len(lines.texts)
        return np.column_stack([np.bincount(owner, row[bucket] * share, count) for row in self.weights[:-1]])

    def article(self, lines: Lines) -> float:
        """By how much all words speak for an article, log-odds but for a constant."""
        bucket, share = document_tokens(lines)
        return float(self.weights[-1][bucket] @ share)


def tokens_of(lines: Lines) -> tuple[Ints, Ints, Floats]:
    """(line, bucket, weight) of every word, pair and whole line; the squared weights of a line sum up to one."""
    owner, hashed = lines.hashes
    follows = owner[1:] == owner[:-1]
    pairs = (hashed[:-1] * _PAIR + hashed[1:])[follows]
    count = len(lines.texts)
    whole = np.bincount(owner, hashed % 65_521, count).astype(np.int64)
    owners = np.concatenate([owner, owner[1:][follows], np.arange(count)])
    buckets = np.concatenate([hashed, pairs >> 7, whole * _LINE >> 5]) % BUCKETS
    return owners, buckets, 1 / np.sqrt(np.bincount(owners, minlength=count))[owners]


def document_tokens(lines: Lines) -> tuple[Ints, Floats]:
    """(bucket, weight) of all that a document says: logarithms of counts, whose squares sum up to one."""
    counts = np.bincount(tokens_of(lines)[1], minlength=BUCKETS)
    said = np.flatnonzero(counts)
    share = np.log1p(counts[said])
    return said, share / max(float(np.sqrt(share @ share)), 1e-9)


def wording_in(file: Path) -> Wording:
    """That of a file with a line of whole numbers for each row."""
    rows = [line.split() for line in file.read_text("utf-8").splitlines()]
    return Wording(np.array(rows, np.float32) / np.float32(SCALE))


def written(wording: Wording) -> str:
    """The form that `wording_in` reads."""
    return "".join(" ".join(map(str, row)) + "\n" for row in np.rint(wording.weights * SCALE).astype(int).tolist())
