"""The sentences taken of a text are kept until its sound is out, so that another voice can speak them."""

from collections import deque
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hailo_piper.text.places import Located
    from hailo_piper.text.sentence import Sentence


class Taken:
    """What was taken of one text so far. Use it under the text's lock."""

    def __init__(self) -> None:
        self.has_begun = False
        """Whether a sentence was ever taken, since the text was rewound."""
        self._sentences: list[Sentence] = []
        self._located: list[Located] = []
        self._again: deque[Located] = deque()
        """Places of sentences that were taken before, for whoever takes them again."""
        self._is_kept = True

    def note(self, sentences: "Sequence[Sentence]") -> None:
        """Note sentences that are taken."""
        self.has_begun = True
        if self._is_kept:
            self._sentences += sentences

    def locate(self, find: "Callable[[], Located]") -> "Located":
        """Return the place of the next sentence; `find` tells it, once for each sentence."""
        if self._again:
            return self._again.popleft()
        located = find()
        if self._is_kept:
            self._located.append(located)
        return located

    def rewind(self) -> "list[Sentence]":
        """Return all sentences that were taken, as if none had been. Raises ValueError after `forget`."""
        if not self._is_kept:
            raise ValueError("the sentences are not kept any more")
        sentences, self._sentences = self._sentences, []
        self._again = deque(self._located)
        self.has_begun = False
        return sentences

    def forget(self) -> None:
        """Keep no sentence from now on."""
        self._is_kept = False
        self._sentences, self._located = [], []
