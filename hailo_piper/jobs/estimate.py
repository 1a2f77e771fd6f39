"""An estimate speaks a few lines and tells how long all of them would take."""

import time
from collections.abc import Callable, Iterable
from contextlib import closing
from typing import NamedTuple

from hailo_piper.errors import SpeechError
from hailo_piper.jobs.batch import Named
from hailo_piper.jobs.rate import clock_time
from hailo_piper.jobs.results import Record
from hailo_piper.jobs.spoken_line import Speaker, error_record, text_of

_SAMPLED_SECONDS = 5.0
"""How long lines are spoken for the estimate."""


class Estimate(NamedTuple):
    """What a run over the lines would make."""

    lines: int
    bad: int
    characters: int
    audio_seconds: float
    seconds: float
    """Of work for one thread."""
    num_bytes: float

    def told(self, threads: int) -> str:
        """Return it as a line for a person."""
        return (
            f"{self.lines} lines to speak, {self.bad} bad, {self.characters} characters: about "
            f"{clock_time(self.audio_seconds)} of sound, {self.num_bytes / 1e6:.0f} MB, "
            f"{clock_time(self.seconds / threads)} of work"
        )


def estimate(
    lines: Iterable[Named],
    speaker: Speaker,
    on_bad: Callable[[Record], None],
    clock: Callable[[], float] = time.monotonic,
) -> Estimate:
    """Read all lines, speak the first of them for some seconds, and write no file. `on_bad` is told of bad lines."""
    number = bad = characters = sampled = size = 0
    audio_seconds = seconds = 0.0
    for line, _ in lines:
        try:
            request = speaker.request(line)
            length = len(text_of(request))
            if seconds < _SAMPLED_SECONDS:
                began = clock()
                with closing(speaker.speech.speak(request, listener="batch")) as reply:
                    size += sum(map(len, reply))
                seconds += clock() - began
                audio_seconds += reply.audio_seconds
                sampled += length
        except SpeechError as error:
            bad += 1
            on_bad(error_record(line, error))
            continue
        number += 1
        characters += length
    factor = characters / sampled if sampled else 0.0
    return Estimate(number, bad, characters, audio_seconds * factor, seconds * factor, size * factor)
