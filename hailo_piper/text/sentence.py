"""A sentence is the unit that is spoken, cached and paused after."""

from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

from hailo_piper.text.manner import PLAIN, Manner
from hailo_piper.text.voice_choice import VoiceChoice


class Span(NamedTuple):
    """A run of a sentence as it is spoken, and the place that it came from."""

    spoken: str
    start: int
    """Code points from the beginning of the sentence as it was written."""
    end: int
    rule: str = ""
    """The rule that wrote it; empty where it is as it was written."""
    phonemes: str = ""
    """In the IPA: they are heard in place of `spoken` in a voice that knows phonemes."""
    manner: Manner = PLAIN
    language: str = ""
    """As the text names it, `fr-CA`; empty: the language of the request."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """The unit of synthesis: one sentence, list item or heading, on one line, with something to say."""

    text: str
    """As it is spoken."""

    spans: tuple[Span, ...] = ()
    """The runs of the text, in order, if any of it was rewritten or marked up; none if it is as it was written."""

    begins_paragraph: bool = False
    """Whether an empty line, or markup that makes one, stands between it and the sentence before."""

    voice: VoiceChoice | None = None
    """The voice that the text asks for; None: that of the request."""

    pause: float | None = None
    """Seconds of silence before it, in place of the usual ones; None: the usual ones."""

    marks: tuple[tuple[int, str], ...] = ()
    """Names of places, each with the code points of `text` before it."""

    marks_before: tuple[tuple[float, str], ...] = ()
    """Names of places in the pause before it, each with its seconds before the sentence."""

    @property
    def pronounced(self) -> tuple[tuple[int, str], ...]:
        """The phonemes of runs that have their own, each with the code points of `text` before the run."""
        places = accumulate((len(span.spoken) for span in self.spans), initial=0)
        return tuple((place, span.phonemes) for place, span in zip(places, self.spans, strict=False) if span.phonemes)

    @property
    def manners(self) -> tuple[tuple[int, Manner], ...]:
        """The manner of each run of `text`, with the code points up to its end; none where all of it is plain."""
        if all(span.manner == PLAIN for span in self.spans):
            return ()
        ends = accumulate(len(span.spoken) for span in self.spans)
        runs = list[tuple[int, Manner]]()
        for end, span in zip(ends, self.spans, strict=True):
            if runs and runs[-1][1] == span.manner:
                runs.pop()
            runs.append((end, span.manner))
        return tuple(runs)
