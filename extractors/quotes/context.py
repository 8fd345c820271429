"""A quote and the text around it, cut into the pieces that the rules of attribution ask for."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from extractors.quotes.chunks import Chunker, Chunks
from extractors.quotes.vocabulary import Vocabulary

NEAR, REACH = 130, 480  # characters looked at on each side, first and where no sentence ends in them
SENTENCE_ENDS = ".!?…"


@dataclass(frozen=True, kw_only=True)
class Context:
    """`left` and `right`: the paragraph around the quote, with the words of other quotes blanked out (their marks
    stay). `before` and `after`: the paragraphs around, blanked likewise. `heading`: the heading it stands under.
    `whole`: nothing but the quote stands in its paragraph; `named_above`: and a name above each such one. `same_paragraph`: the quote before stands in it, too;
    `adjacent`: or in the paragraph before. `dialogue`: the page tells a story in which people talk by turns.
    `last_speaker` spoke the quote before, `answerer` is whose turn it is, `reporter` finds who was last said
    to say something, here or in the paragraph before.
    """

    text: str
    left: str
    right: str
    before: str
    after: str
    heading: str
    whole: bool
    named_above: bool
    same_paragraph: bool
    adjacent: bool
    dialogue: bool
    last_speaker: str | None
    answerer: str | None
    reporter: Callable[[], str | None]
    chunks: Chunker

    @property
    def words(self) -> Vocabulary:
        """The word lists of the page's language."""
        return self.chunks.words

    @cached_property
    def _left(self) -> Chunks:
        near = self.chunks(self.left[-NEAR:])
        return near if near.codes.count(".") > 1 or len(self.left) <= NEAR else self.chunks(self.left[-REACH:])

    @cached_property
    def lead(self) -> Chunks:
        """The sentence up to the quote; empty where the quote begins one."""
        return self._left.cut(self._left.codes.rfind(".") + 1)

    @cached_property
    def sentence_before(self) -> Chunks:
        """The sentence before that of the quote, in its paragraph."""
        stop = self._left.codes.rfind(".")
        return self._left.cut(self._left.codes.rfind(".", 0, max(0, stop)) + 1, max(0, stop))

    @cached_property
    def _right(self) -> Chunks:
        near = self.chunks(self.right[:NEAR])
        return near if "." in near.codes or len(self.right) <= NEAR else self.chunks(self.right[:REACH])

    @cached_property
    def tail(self) -> Chunks:
        """The rest of the sentence behind the quote; empty where the quote ends it."""
        stop = self._right.codes.find(".")
        return self._right.cut(0, stop if stop >= 0 else None)

    @cached_property
    def ended(self) -> bool:
        """Does the quote end its sentence, so that what follows is a new one?"""
        right = self.right.lstrip()
        return self.text.rstrip()[-1:] in SENTENCE_ENDS and not right[:1].islower() and right[:1] not in (",", "–", "—")

    @cached_property
    def introduced(self) -> bool:
        """Does a comma or a colon stand before the quote?"""
        return self.left.rstrip()[-1:] in (",", ":", "：", "，")
