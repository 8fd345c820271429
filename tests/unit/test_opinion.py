"""Another extractor's text as evidence: which blocks it agrees with."""

import numpy as np
import pytest

from extractors.articles.bridge import text_by_trafilatura
from extractors.blocks.opinion import NAMES, expected_f, opinion_features
from extractors.blocks.text import document_of

LINES = ("Home and news", "The mayor opened the new bridge on Monday morning.", "It cost four million crowns.", "Menu")
DOCUMENT = document_of("\n\n".join(LINES))
SCORES = np.array([0.1, 0.9, 0.6, 0.2])


def column(name: str, opinion: str) -> list[float]:
    rows = opinion_features(DOCUMENT, SCORES, 0.8, opinion)
    assert rows.shape == (len(LINES), len(NAMES))
    found: list[float] = rows[:, NAMES.index(name)].tolist()
    return found


def test_agreement_is_the_share_of_word_pairs_that_the_opinion_has() -> None:
    agreed = column("agreed", "The mayor opened the new bridge on Monday morning.\nIt cost four")
    assert agreed == pytest.approx([0, 1, 0.5, 0])


def test_a_single_word_is_weak_agreement() -> None:
    assert column("agreed", "Menu")[3] == pytest.approx(0.5)


def test_no_opinion_agrees_with_nothing() -> None:
    assert column("agreed", "") == [0, 0, 0, 0]


def test_the_page_knows_how_far_both_agree() -> None:
    rest = "\n".join(LINES[1:3])
    assert column("page_precision", rest) == pytest.approx([1] * 4)
    assert column("page_recall", "\n".join(LINES))[0] < 1


def test_the_expected_f_falls_with_doubt() -> None:
    words = np.array([10.0, 10.0])
    assert expected_f(np.array([1.0, 0.0]), words) == pytest.approx(1)
    assert expected_f(np.array([0.6, 0.3]), words) < 0.7
    assert expected_f(np.array([0.1, 0.1]), words) == 0


@pytest.mark.parametrize("html", ["", "<", "\0", "<p>short", "<html>" * 1000])
def test_a_broken_page_has_no_opinion(html: str) -> None:
    assert isinstance(text_by_trafilatura(html), str)
