"""An unspoken text has its words and its length, but no sound: captions need only the encoder.

Of a sentence that is in the cache, the times are those of the speech that lies there.
"""

from collections.abc import Callable, Iterator

import numpy as np

from hailo_piper.audio.samples import AudioChunk
from hailo_piper.audio.treatment import treated_ends
from hailo_piper.errors import AbandonedError, InvalidRequestError
from hailo_piper.speech.plan import Plan
from hailo_piper.speech.sources import Sources, key_of
from hailo_piper.speech.spoken_text import SpokenSentence
from hailo_piper.speech.word_times import WordTimes
from hailo_piper.text.places import Located
from hailo_piper.text.sentence import Sentence


def unspoken(plan: Plan, sources: Sources, has_left: Callable[[], bool]) -> Iterator[SpokenSentence]:
    """Yield each sentence as one chunk of silence, as long as its speech, with all of its words.

    Raises AbandonedError where the client has left, InvalidRequestError if the voice has no sound for any of the text,
    and SynthesisError if the voice fails.
    """
    has_sound = False
    while True:
        for written in plan.text.take():
            if has_left():
                raise AbandonedError("The client left before its captions were there")
            located = plan.text.locate(written)
            chunk = _chunk(plan.verbalise(written), located, plan, sources)
            has_sound = has_sound or len(chunk.samples) > 0
            yield SpokenSentence(iter([chunk] * (len(chunk.samples) > 0)), written.begins_paragraph)
        if plan.text.is_spent:
            break
        plan.text.wait()
    if not has_sound:
        raise InvalidRequestError("The text has nothing to say in this voice", param="text")


def _chunk(sentence: Sentence, located: Located, plan: Plan, sources: Sources) -> AudioChunk:
    engine, rate = sources.engine, plan.voice.sample_rate
    cached = sources.cache.get(key_of(plan, engine, sentence)) if plan.use_cache else None
    if cached is not None and len(cached.id_ends):
        ends, samples, is_known = cached.id_ends, len(cached.samples), cached.knows_durations
    else:
        durations = engine.durations(sentence, plan.delivery)
        ends, is_known = treated_ends(durations.id_samples, durations.runs), durations.are_known
        samples = int(ends[-1]) if len(ends) else 0
    words = WordTimes(located, sentence, engine.words(sentence), rate).due(ends, is_estimated=not is_known)
    # No memory is needed for it, however long it is.
    return AudioChunk(np.broadcast_to(np.float32(0), samples), rate, words)
