"""What the words of plain text say of where pages begin and end, and of what is an article."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from extractors.articles.chances import Cutting, chance_features, whole
from extractors.articles.cuts import gap_features
from extractors.articles.parts import apart
from extractors.articles.seams import word_ties
from extractors.blocks.html import documents_of
from extractors.blocks.pieces import piece_features
from extractors.blocks.stack import Stack
from extractors.blocks.text import document_of
from extractors.blocks.wording import BUCKETS, ZONES, Wording, document_tokens, tokens_of, wording_in, written
from flows.training.words import WordTrainer

HARBOUR = "The harbour gate stayed shut while the tide rose over the harbour wall number {}."
ORCHARD = "Pickers carried ladders through the orchard before the orchard bell rang {} times."
NOTHING = Wording(np.zeros((len(ZONES) + 1, BUCKETS), np.float32))


def page_of(sentence: str, lines: int = 40) -> str:
    middle = "\n\n".join(sentence.format(number) for number in range(lines))
    return f"Skip to content\n\nMenu\n\n{middle}\n\nAll rights reserved\n\nPrivacy policy"


@pytest.fixture(scope="module")
def learnt() -> WordTrainer:
    """From twenty pages of twenty lines, of which every second is an article: about harbours."""
    samples: list[Any] = [
        SimpleNamespace(
            page=SimpleNamespace(fold=number % 5, is_article=number % 2 == 0),
            document=document_of(page_of(HARBOUR if number % 2 == 0 else ORCHARD, 16)),
        )
        for number in range(20)
    ]
    return WordTrainer(samples, zones=True)


def test_lines_are_known_as_first_and_last_ones(learnt: WordTrainer) -> None:
    lines = document_of("All rights reserved\n\nSkip to content\n\nNumber 3 stayed shut.").lines
    zones = dict(zip(ZONES, learnt.without(0).zones(lines).T, strict=True))
    assert zones["last"].argmax() == 0
    assert zones["first"].argmax() == 1


def test_articles_are_known_by_what_they_say(learnt: WordTrainer) -> None:
    wording = learnt.without(None)
    harbour, orchard = (wording.article(document_of(sentence.format(99)).lines) for sentence in (HARBOUR, ORCHARD))
    assert harbour > 0 > orchard


def test_what_is_written_is_read(learnt: WordTrainer, tmp_path: Path) -> None:
    wording = learnt.without(3)
    (tmp_path / "words.txt").write_text(written(wording), "utf-8")
    assert np.allclose(wording_in(tmp_path / "words.txt").weights, wording.weights, atol=0.006)


@pytest.mark.parametrize("text", ["…", "one", "one two\n…\none two", "漢字\n漢字"])
def test_every_line_weighs_the_same(text: str) -> None:
    lines = document_of(text).lines
    owner, bucket, share = tokens_of(lines)
    assert np.allclose(np.bincount(owner, share**2), 1)
    assert len(np.bincount(owner)) == len(lines.texts)
    assert bucket.min() >= 0
    assert bucket.max() < BUCKETS


def test_no_word_ties_two_pages_together_where_they_meet() -> None:
    # Each line ends in a word of its own; "the" and the name of the place come back in every line.
    document = document_of("\n\n".join([HARBOUR.format(n) for n in range(40)] + [ORCHARD.format(n) for n in range(40)]))
    over = word_ties(document.lines)[0]
    assert over[5:-5].argmin() + 5 == 39


def test_gaps_of_many_documents_are_those_of_each() -> None:
    documents = [document_of(text) for text in (page_of(HARBOUR), "one line", page_of(ORCHARD, 3), "two\nlines")]
    scores = [np.linspace(0, 1, len(document.blocks)) for document in documents]
    together = gap_features(Stack(documents), np.concatenate(scores), NOTHING)
    alone = [gap_features(Stack([d]), s, NOTHING) for d, s in zip(documents, scores, strict=True) if len(d.blocks) > 1]
    assert np.array_equal(together, np.vstack(alone))


def test_a_part_sees_how_it_was_cut_out() -> None:
    parts = [
        Cutting(document=document_of(page_of(HARBOUR, count)), scores=np.full(count + 4, 0.5), edges=edges)
        for count, edges in ((3, (1.0, 0.2)), (5, (0.2, 0.7)), (4, (0.7, 1.0)))
    ]
    rows = chance_features(parts, NOTHING)
    texts = [part.document.lines.words.sum() / 2 for part in parts]
    assert rows[1, -4:].tolist() == pytest.approx([0.2, 0.7, texts[0], texts[2]])
    assert rows[0, -2] == rows[2, -1] == 0


def test_cuts_are_the_likeliest_ones_and_apart() -> None:
    likely = np.array([0.0, 0.3, 0.9, 0.2, 0.0, 0.0, 0.0, 0.0, 0.0, 0.4, 0.0])
    assert apart(likely, 0.1) == [3, 10]
    assert apart(likely, 0.5) == [3]
    assert apart(likely, 0.1, forced=[1]) == [1, 10]  # what is forced stands, and nothing close to it


def test_pieces_of_html_are_known_by_what_they_say() -> None:
    (document,) = documents_of(f"<body><p>{HARBOUR.format(1)}</p></body>")
    weights = NOTHING.weights.copy()
    weights[-1][document_tokens(document.lines)[0]] = 1
    scores = np.full(len(document.blocks), 0.5)
    (row,) = chance_features([whole(document, scores)], Wording(weights))
    assert np.array_equal(row[:-1], piece_features(Stack([document]), scores)[0], equal_nan=True)
    assert row[-1] == pytest.approx(Wording(weights).article(document.lines))
    assert row[-1] > 1
