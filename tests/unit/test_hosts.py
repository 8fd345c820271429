"""What a site repeats, as a value: lines that stand on other pages of the host."""

import numpy as np
import pytest

from extractors.blocks.document import Document
from extractors.blocks.hosts import SiteMemory, memory_of
from extractors.blocks.text import document_of


def page(*lines: str) -> tuple[Document]:
    return (document_of("\n\n".join(lines)),)


ONE, TWO, THREE = page("Menu", "One story."), page("Menu", "Another story."), page("Menu", "A third story.")


def test_a_line_of_all_pages_has_a_high_share_and_an_own_one_none() -> None:
    memory = memory_of([ONE, TWO, THREE])
    assert memory.shares_of(ONE[0], counted=True) == pytest.approx([2 / 3, 0])


def test_a_page_that_is_not_counted_is_compared_with_all() -> None:
    memory = memory_of([ONE, TWO])
    assert memory.shares_of(THREE[0]) == pytest.approx([2 / 3, 0])


def test_one_other_page_is_weak_evidence() -> None:
    assert memory_of([ONE, TWO]).shares_of(ONE[0], counted=True) == pytest.approx([0.5, 0])


def test_what_is_known_of_earlier_pages_is_added() -> None:
    known = memory_of([ONE, TWO])
    assert memory_of([THREE], known).shares_of(THREE[0], counted=True) == pytest.approx([2 / 3, 0])
    assert memory_of([THREE], known) == SiteMemory(pages=3, counts=memory_of([ONE, TWO, THREE]).counts)


def test_a_line_twice_on_a_page_counts_once() -> None:
    assert np.all(memory_of([page("Menu", "Menu")]).shares_of(page("Menu")[0]) == 0.5)
