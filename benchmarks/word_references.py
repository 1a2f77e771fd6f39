"""Places of words that are known without a model: put there, or seen in the sound.

- Known places: the voice speaks words alone, what is quiet around them is cut off, and they are put together in one
  sound, with or without silence between them. So each word's place is known to the sample.
- Sibilants: where a word begins with S, SH or Z and the one before ends with a sonorant, or the other way round, the
  border of the hissing is seen in the spectrum.
- Loudness: after a pause, a word begins where the sound gets louder than -45 dB.
"""

import random
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from aligners import RATE, SIBILANTS, SONORANTS, Found, Sound, loud_part, sibilant_border
from timed_speech import Spoken

Places = Sequence[Found | None]
"""Where somebody has each word of a sentence; None where he has it not."""

PAUSE_SECONDS = 0.1
"""From this gap between two words on, the second begins after a pause."""
_WORDS_TOGETHER = 8
_EDGE_SECONDS = 0.15
_FLOOR = 1e-4
"""No silence of a recording is perfect, and recognisers take logarithms."""
_LATEST_ONSET_SECONDS = 0.1


class Known(NamedTuple):
    """Words that were put together in one sound."""

    sound: Sound
    """At RATE."""
    words: list[str]
    places: list[Found]
    gap: float
    """Seconds between two words."""


class Errors(NamedTuple):
    """Differences in seconds; above 0 is later than the reference."""

    starts: list[float]
    ends: list[float]


def known_places(
    speak: Callable[[str], Spoken], words: Sequence[str], gaps: Sequence[float], *, rounds: int
) -> list[Known]:
    """Put words that were spoken alone together, `rounds` times with each gap, in an order that is always the same."""
    order = random.Random(len(words))
    clips = {word: _alone(speak(f"{word}.")) for word in words}
    known: list[Known] = []
    for gap in [gap for gap in gaps for _ in range(rounds)]:
        chosen = order.sample(list(clips), _WORDS_TOGETHER)
        pieces, places, at = [np.zeros(round(_EDGE_SECONDS * RATE), np.float32)], list[Found](), _EDGE_SECONDS
        for word in chosen:
            places.append(Found(at, at + len(clips[word]) / RATE))
            pieces += [clips[word], np.zeros(round(gap * RATE), np.float32)]
            at = sum(map(len, pieces)) / RATE
        sound = np.concatenate([*pieces, pieces[0]])
        noise = np.random.default_rng(len(known)).standard_normal(len(sound)) * _FLOOR
        known.append(Known((sound + noise).astype(np.float32), chosen, places, gap))
    return known


def _alone(spoken: Spoken) -> Sound:
    """The part of a word that is heard, at RATE."""
    sound = spoken.heard()
    start, end = loud_part(sound, RATE) or (0.0, len(sound) / RATE)
    return sound[max(0, round(start * RATE)) : round(end * RATE)]


def against(places: Sequence[Places], reference: Sequence[Places]) -> Errors:
    """Compare the words that both have."""
    both = [
        (ours, theirs)
        for sentence, other in zip(places, reference, strict=True)
        for ours, theirs in zip(sentence, other, strict=True)
        if ours and theirs
    ]
    return Errors([a.start - b.start for a, b in both], [a.end - b.end for a, b in both])


def against_sibilants(spoken: Sequence[Spoken], aligned: Sequence[Places], places: Sequence[Places]) -> Errors:
    """Compare with the borders of hissing. `aligned` tells the words' sounds, and where about to look."""
    errors = Errors([], [])
    for take, sounds, told in zip(spoken, aligned, places, strict=True):
        for number, (before, word) in enumerate(zip(take.words, take.words[1:], strict=False)):
            one, two = sounds[number : number + 2]
            ours = told[number : number + 2]
            if before.is_estimated or word.is_estimated or not (one and two and ours[0] and ours[1]):
                continue
            kinds = one.last in SIBILANTS, two.first in SIBILANTS
            is_border = kinds[0] != kinds[1] and {one.last, two.first} & SONORANTS
            if not is_border or word.start - before.end >= PAUSE_SECONDS:
                continue
            near = min(before.end, two.start), max(word.start, two.start)
            border = sibilant_border(take.sound, take.rate, *near, begins=kinds[1])
            if border is not None:
                errors.starts.append(ours[1].start - border)
                errors.ends.append(ours[0].end - border)
    return errors


def against_loudness(spoken: Sequence[Spoken], places: Sequence[Places]) -> Errors:
    """Compare starts after a pause with where it gets loud."""
    errors = Errors([], [])
    for take, told in zip(spoken, places, strict=True):
        end = 0.0
        for word, place in zip(take.words, told, strict=True):
            if word.start - end >= PAUSE_SECONDS or not end:
                onset = _onset(take, end, word.start)
                if place and onset is not None:
                    errors.starts.append(place.start - onset)
            end = word.end
    return errors


def _onset(take: Spoken, quiet: float, start: float) -> float | None:
    """Return where it gets loud, between a second that may be quiet and a little after a word's start; None if not."""
    first, last = round(quiet * take.rate), round((start + _LATEST_ONSET_SECONDS) * take.rate)
    after = take.sound[first:last][::-1]
    if (found := loud_part(after, take.rate)) is None or found[0] > 2 * 0.005:
        return None
    # Backwards from the word: the first moment that is quiet.
    length = take.rate // 200
    for at in range(0, len(after) - length, take.rate // 1000):
        if 10 * np.log10(np.mean(after[at : at + length].astype(np.float64) ** 2) + 1e-12) <= -45:
            return (last - at - length / 2) / take.rate if at else None
    return None
