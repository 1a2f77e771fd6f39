"""What was read stands in one line: `{state}` where it changes, `[pause]`, `[#mark]`, `|` where a sentence ends."""

import itertools
from collections.abc import Iterable, Sequence
from typing import Any

from hailo_piper.text.markup import Step
from hailo_piper.text.ssml.bare import Bare
from hailo_piper.text.ssml.events import Event, Mark, Pause, State
from hailo_piper.text.ssml.reader import Ssml
from hailo_piper.text.voice_choice import VoiceChoice


def in_pieces(text: str, cuts: Iterable[int]) -> list[str]:
    """The text, cut at these indices."""
    bounds = sorted({0, len(text), *(cut for cut in cuts if cut < len(text))})
    return [text[start:end] for start, end in itertools.pairwise(bounds)]


def steps_of(reader: Ssml | Bare, pieces: Iterable[str]) -> list[Step]:
    """All steps of a text that comes in pieces."""
    return [*(step for piece in pieces for step in reader.steps(piece)), *reader.last_steps()]


def characters(steps: Iterable[Step], document: str) -> list[tuple[str, int, int]]:
    """Each character that is said, with the run of the document that it comes from."""
    found, at = [], 0
    for length, said in steps:
        if document.startswith(said, at) and len(said) == length:
            found += [(character, at + i, at + i + 1) for i, character in enumerate(said)]
        else:
            found += [(character, at, at + length) for character in said]
        at += length
    return found


def rendered(reader: Ssml | Bare, pieces: Sequence[str]) -> str:
    """The line that shows it all."""
    said = characters(steps_of(reader, pieces), "".join(pieces))
    events, states = list(reader.events), list(reader.states)
    line, now = "", State()
    for character, start, end in said:
        if end > start:
            while events and events[0][0] <= start:
                line += shown(events.pop(0)[1])
            while states and states[0][0] <= start:
                state = states.pop(0)[1]
            if state != now:
                line += f"{{{described(state)}}}"
                now = state
        line += character
    line = line.replace("\n\n ", "|")
    return line + "".join(shown(event) for _, event in events)


def shown(event: Event) -> str:
    """An event, short; boundaries and changes of voice show otherwise."""
    if isinstance(event, Pause):
        return f"[{event.seconds:g}]"
    return f"[#{event.name}]" if isinstance(event, Mark) else ""


def described(state: State) -> str:
    """The fields of a state that are not as usual."""
    usual = State()
    numbers = zip(state.manner._fields, state.manner, usual.manner, strict=True)
    fields = [f"{name}={figure(value)}" for name, value, plain in numbers if value != plain and name != "timing"]
    for name in ("language", "phonemes", "rule"):
        fields += [f"{name}={getattr(state, name)}"] if getattr(state, name) else []
    return " ".join([*fields, *([voice(state.voice)] if state.voice else [])])


def figure(value: Any) -> str:
    """A number, or a contour."""
    if isinstance(value, tuple):
        return "+".join(f"{place:.3g}:{factor:.3g}" for place, factor in value)
    return f"{value:.3g}"


def voice(choice: VoiceChoice) -> str:
    """The fields of a choice that ask for something."""
    named = zip(choice._fields, choice, VoiceChoice(), strict=True)
    fields = [(name, value) for name, value, nothing in named if value != nothing]
    return " ".join(f"{name}={'+'.join(value) if isinstance(value, tuple) else value}" for name, value in fields)


def heard(document: str) -> str:
    """What is read of a whole document, in one line."""
    return rendered(Ssml(max_characters=100_000), [document])
