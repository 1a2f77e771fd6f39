"""Chapters are spoken side by side, each as one request, and each once."""

import hashlib
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from contextlib import closing
from typing import NamedTuple

from hailo_piper.audio.word import Word
from hailo_piper.errors import AbandonedError, InvalidRequestError
from hailo_piper.jobs.books.book import Book
from hailo_piper.jobs.books.chapter_text import PARAGRAPH_SECONDS, ssml_of
from hailo_piper.jobs.books.workplace import SpokenChapter, Workplace
from hailo_piper.speech.pipeline import Speech
from hailo_piper.speech.reply import Reply
from hailo_piper.speech.request import SpeechRequest


class Manner(NamedTuple):
    """How a book is spoken."""

    voice: str | None
    speed: float | None
    sample_rate: int
    """Hz."""
    settings: str
    """A digest of everything else that the sound depends on."""


class Progress:
    """How much of a book is spoken. Thread-safe."""

    def __init__(self, lengths: Sequence[int]) -> None:
        """`lengths`: the characters of each chapter."""
        self._lengths = lengths
        self._spoken = [0.0] * len(lengths)
        self.audio_seconds = 0.0
        """Of this run, without what was there."""
        self._lock = threading.Lock()

    @property
    def share(self) -> float:
        """The fraction of the text that is spoken, 0 to 1."""
        done = sum(share * length for share, length in zip(self._spoken, self._lengths, strict=True))
        return done / max(1, sum(self._lengths))

    @property
    def chapters(self) -> int:
        """Chapters that are whole."""
        return sum(share >= 1 for share in self._spoken)

    def note(self, number: int, share: float, audio_seconds: float = 0.0) -> None:
        """Note how much of a chapter is spoken, and how much sound came."""
        with self._lock:
            self._spoken[number] = max(self._spoken[number], share)
            self.audio_seconds += audio_seconds


class Reading:
    """The speaking of one book. Run it once."""

    def __init__(self, book: Book, speech: Speech, manner: Manner, workplace: Workplace, *, at_once: int) -> None:
        """`at_once`: chapters that are spoken side by side."""
        self._speech = speech
        self._manner = manner
        self._workplace = workplace
        self._at_once = at_once
        self.texts = [ssml_of(chapter, book.language) for chapter in book.chapters]
        self.progress = Progress(list(map(len, self.texts)))
        self._is_over = threading.Event()

    def run(self, on_progress: Callable[[], None]) -> list[SpokenChapter]:
        """Speak all chapters that are not there yet; return all, in order.

        `on_progress` is called now and then, in this thread. Raises SpeechError and OutputError; what is spoken stays.
        """
        pool = ThreadPoolExecutor(self._at_once, thread_name_prefix="chapter")
        try:
            futures = [pool.submit(self._chapter, number) for number in range(len(self.texts))]
            waiting = set(futures)
            while waiting:
                done, waiting = wait(waiting, timeout=0.5, return_when=FIRST_COMPLETED)
                for future in done:
                    future.result()
                on_progress()
            return [future.result() for future in futures]
        finally:
            self._is_over.set()
            pool.shutdown(wait=True, cancel_futures=True)

    def _chapter(self, number: int) -> SpokenChapter:
        digest = self._digest(self.texts[number])
        chapter = self._workplace.chapter(number, digest)
        if chapter is None:
            chapter = self._speak(number, digest)
        self.progress.note(number, 1.0)
        return chapter

    def _digest(self, text: str) -> str:
        return hashlib.sha256(repr((self._manner, text)).encode(errors="replace")).hexdigest()

    def _speak(self, number: int, digest: str) -> SpokenChapter:
        text = self.texts[number]
        request = SpeechRequest(
            text=text,
            text_format="ssml",
            voice=self._manner.voice,
            speed=self._manner.speed,
            paragraph_silence=PARAGRAPH_SECONDS,
            response_format="pcm",
            sample_rate=self._manner.sample_rate,
            words=True,
            in_bulk=True,
        )

        def write(reply: Reply) -> list[Word]:
            words = list[Word]()
            with closing(self._workplace.writer(number)) as file:
                for piece in reply:
                    if self._is_over.is_set():
                        raise AbandonedError("The run was stopped")
                    words += reply.take_words()
                    file.write(piece)
                    share = words[-1].start_char / len(text) if words else 0.0
                    self.progress.note(number, share, len(piece) / 2 / self._manner.sample_rate)
                file.finish(b"")
            return words

        try:
            words = self._speech.speak_whole(request, write, listener="book", has_left=self._is_over.is_set)
        except InvalidRequestError as error:
            error.message = f"Chapter {number + 1}: {error.message}"
            raise
        return self._workplace.finish(number, digest, words)
