"""Speaks a text that may still be arriving, part by part, each by the voice of its role.

A part is every sentence that has come since the last one, up to where another role begins; a whole text of one role is
one part. A text that comes piece by piece sounds, to the bit, as it would have whole.
"""

import logging
from collections.abc import Callable, Iterator

from hailo_piper.audio.resample import resampled_length
from hailo_piper.audio.samples import AudioChunk
from hailo_piper.engine.engine import Engine
from hailo_piper.errors import InvalidRequestError
from hailo_piper.speech.casting import Role
from hailo_piper.speech.mastering import SpokenSentence, Tail, matched, num_silent
from hailo_piper.speech.place import Place, level_of
from hailo_piper.speech.plan import Plan
from hailo_piper.speech.script import Script
from hailo_piper.speech.sources import Sources
from hailo_piper.speech.spoken_sentences import SpokenSentences
from hailo_piper.speech.tally import Tally
from hailo_piper.speech.ticket import Ticket

logger = logging.getLogger(__name__)


class SpokenText:
    """The speech of one request. Iterate over it once, from one thread, then close it."""

    def __init__(self, plan: Plan, place: Place, ticket: Ticket, sources: Callable[[Engine], Sources]) -> None:
        """Begin to speak the first part. `sources` returns those of a voice. Raises as `Place.borrow` does."""
        self._plan = plan
        self._place = place
        self._ticket = ticket
        self._sources_of = sources
        self._script = Script(plan)
        self._has_sounded = False
        self._parts_before = 0
        self._cached_before = set[str]()
        self._seconds_before = 0.0
        part = self._script.take()
        if part is None:
            raise AssertionError("a plan has a sentence")
        self._part = part
        self._first = part.role.speaker
        self._level: float | None = None
        """That of the first speaker, in LUFS, once another one follows."""
        self._sources = sources(place.borrow(part.role.voice, ticket))
        self.lufs = self._sources.engine.lufs
        """The level of the first voice, in LUFS: all of it is spoken as loud as its first speaker."""
        self._spoken = self._open(starts_reply=not plan.in_bulk)

    def __iter__(self) -> Iterator[SpokenSentence]:
        """Yield each sentence, whose chunks must be read before the next sentence; wait for text in between.

        The chunks have the level of the first voice, and the rate of the plan's. Raises BusyError when the deadline
        passes, SynthesisError if a voice fails, and InvalidRequestError if it has no sound for any of the text.
        """
        while True:
            for number, line in enumerate(self._part.lines):
                marks = line.sentence.marks_before if self._plan.words else ()
                yield SpokenSentence(self._read(number), line.between, line.sentence.pause, marks)
            if self._script.is_over or not self._next():
                break
        if not self._has_sounded:
            raise InvalidRequestError("The text has nothing to say in this voice", param="text")

    @property
    def num_samples(self) -> int | None:
        """Samples of the whole at the plan's rate, if known; ask when the first chunk is there."""
        is_all = self._script.is_over and not self._parts_before and self._part.role.voice == self._plan.voice
        return self._spoken.num_samples if is_all else None

    @property
    def lead_pause(self) -> float:
        """Seconds of silence that a text of one part wants before its first sentence."""
        return self._part.lines[0].sentence.pause or 0.0

    def tail(self) -> Tail:
        """Return what the text wants after its last sentence; ask when it is over."""
        return self._script.tail

    def note_length(self, tally: Tally) -> int | None:
        """Note and return the samples of the answer, if it is one sentence of known length; ask as `num_samples`."""
        if self.num_samples is not None:
            plan, rate = self._plan, self._plan.voice.sample_rate
            before, after = self.lead_pause + plan.silences.lead, self.tail().pause + plan.silences.tail
            around = num_silent(before, rate) + num_silent(after, rate)
            tally.num_samples = resampled_length(self.num_samples + around, rate, plan.sample_rate)
        return tally.num_samples

    @property
    def cached(self) -> str:
        """How much of it was in the cache: hit, miss or partial."""
        kinds = {*self._cached_before, self._spoken.cached}
        return kinds.pop() if len(kinds) == 1 else "partial"

    @property
    def synthesis_seconds(self) -> float:
        """Worker time spent on this request so far."""
        return self._seconds_before + self._spoken.synthesis_seconds

    def close(self) -> None:
        """Stop speaking."""
        self._spoken.close()

    def _next(self) -> bool:
        """Begin the next part, once it is there; return whether there is one."""
        self._spoken.close()
        part = self._script.take(self._ticket)
        if part is None:
            return False
        self._parts_before += 1
        self._cached_before.add(self._spoken.cached)
        self._seconds_before += self._spoken.synthesis_seconds
        before, self._part = self._part.role, part
        if part.role.speaker != before.speaker and self._level is None:
            self._level = level_of(self._sources.engine, before)
        if part.role.voice != before.voice:
            self._sources = self._sources_of(self._place.borrow(part.role.voice, self._ticket))
        self._spoken = self._open(starts_reply=False)
        return True

    def _open(self, *, starts_reply: bool) -> SpokenSentences:
        """Begin to speak a part."""
        part, engine = self._part, self._sources.engine
        sentences = tuple(engine.in_own_sounds(line.sentence) for line in part.lines)
        logger.debug("text", extra={"fields": {"sentences": [sentence.text for sentence in sentences]}})
        return SpokenSentences(
            sentences,
            part.role,
            self._sources,
            starts_reply=starts_reply,
            located=part.located,
        )

    def _read(self, number: int) -> Iterator[AudioChunk]:
        part, following = self._part, self._script.next_role
        chunks = self._spoken.read(number, deadline=None if self._has_sounded else self._place.deadline)
        gain = self._gain(part.role)
        if gain != 1.0 or part.role.voice.sample_rate != self._plan.voice.sample_rate:
            chunks = matched(chunks, gain, self._plan.voice.sample_rate)
        for chunk in chunks:
            self._has_sounded = True
            yield part.moved(chunk) if part.offset and chunk.words else chunk
            if following is not None and following.speaker != part.role.speaker:
                self._place.look_ahead(following, self._sources.engine, [part.role] if self._level is None else [])
                following = None

    def _gain(self, role: Role) -> float:
        """Return the factor from a speaker's own level to that of the first one, and to its role's volume."""
        louder = 1.0
        if self._level is not None and role.speaker != self._first:
            louder = float(10 ** ((self._level - level_of(self._sources.engine, role)) / 20))
        return louder * role.volume / (self._plan.volume or 1.0)
