"""A flush pushes an empty line, which ends a sentence; places behind it are counted back to the text as it was sent."""

from bisect import bisect_right

from hailo_piper.audio.word import Word

_END = "\n\n\n"
"""Ends any sentence: the splitter holds back the last character, and an empty line needs two."""


class FlushedPlaces:
    """The flushes of one text, by the characters that came before each."""

    def __init__(self) -> None:
        self._length = 0
        """Characters pushed so far, with those of flushes."""
        self._flushes: list[int] = []

    def push(self, piece: str) -> None:
        """Note a piece of the text."""
        self._length += len(piece)

    def flush(self) -> str:
        """Note a flush, and return what it pushes."""
        self._flushes.append(self._length)
        self._length += len(_END)
        return _END

    def in_sent(self, word: Word) -> Word:
        """Return the word with its places in the text that was sent."""
        if not self._flushes:
            return word
        start, end = self._sent(word.start_char), self._sent(word.end_char)
        return word._replace(start_char=start, end_char=end)

    def _sent(self, place: int) -> int:
        return place - len(_END) * bisect_right(self._flushes, place - 1)
