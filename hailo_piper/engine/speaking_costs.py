"""Each voice has a cost here: worker seconds for a second of its sound, as measured while it speaks."""

import threading

_GUESS = 0.3
"""Worker seconds, until a voice was heard: three in ten of real time are those of a small computer."""
_GUESS_SECONDS = 0.2
"""Of sound, which the guess counts for: the first word that is spoken tells more."""
_MEMORY_SECONDS = 60.0
"""Of sound: what is older weighs half, and half again."""
_LEAST_SPARE = 0.1
"""Of the workers' time: what is left for a newcomer, even where none seems to be."""


class SpeakingCost:
    """What a second of one voice's sound costs. Thread-safe."""

    def __init__(self) -> None:
        """Begin with a guess, which a word outweighs."""
        self._lock = threading.Lock()
        self._work_seconds, self._sound_seconds = _GUESS * _GUESS_SECONDS, _GUESS_SECONDS

    def note(self, work_seconds: float, sound_seconds: float = 0.0) -> None:
        """Note what a worker has done: the time that it took, and the sound that came of it at its playback's speed."""
        with self._lock:
            self._work_seconds += work_seconds
            self._sound_seconds += sound_seconds
            if self._sound_seconds > _MEMORY_SECONDS:
                self._work_seconds, self._sound_seconds = self._work_seconds / 2, self._sound_seconds / 2

    @property
    def work_a_second(self) -> float:
        """Worker seconds for a second of sound."""
        with self._lock:
            return self._work_seconds / self._sound_seconds

    @property
    def longest_task_seconds(self) -> float:
        """For how long a worker may be busy with another request before it is free, about; a second at most.

        That lies between the largest window and the flow's largest block, which take 0.4 and 0.7 of a second's work.
        """
        return min(1.0, 0.5 * self.work_a_second)

    def start_delay(self, others: int, workers: int) -> float:
        """Return for how many seconds a newcomer should let those come first who have so little sound ahead.

        A listener's start takes as much work at once as a second of sound in the long run, which must come out of the
        time that the others leave: the more there are, the longer that takes. The delays of those who came before add
        up, as if all had come at one moment.
        """
        start = self.work_a_second
        spare = (max(workers - beside * start, _LEAST_SPARE * workers) for beside in range(1, others + 1))
        return sum(start / each for each in spare)


class SpeakingCosts:
    """The costs of all voices that were asked for. Thread-safe."""

    def __init__(self) -> None:
        """Know none yet."""
        self._costs: dict[str, SpeakingCost] = {}

    def of(self, voice_id: str) -> SpeakingCost:
        """Return the cost of a voice, which outlives the voice's unloading."""
        return self._costs.setdefault(voice_id, SpeakingCost())
