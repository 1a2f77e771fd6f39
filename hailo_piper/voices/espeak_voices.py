"""Every language of espeak-ng is a voice, `espeak:de`, which has no files of its own."""

from functools import cache
from pathlib import Path

from hailo_piper.errors import SynthesisError
from hailo_piper.voices.espeak_data import is_language, languages
from hailo_piper.voices.voice import Voice

ENGINE = "espeak"
_PREFIX = f"{ENGINE}:"
_SAMPLE_RATE = 22_050
_REGION_LETTERS = 2
SPEAKERS = ("usual", "f1", "f2", "f3", "f4", "f5", "m1", "m2", "m3", "m4", "m5", "m6", "m7", "m8")
"""Of every language, by their speaker_id: the language's usual sound, then variants of espeak-ng's."""
_OTHER_CODES = {"cmn": "zh_CN", "yue": "zh_HK", "nb": "no_NO"}
"""Languages that other voices give another code."""


def language_of(voice_id: str) -> str:
    """Return espeak-ng's name of a voice's language: `en-us` of `espeak:en-us`."""
    return voice_id.removeprefix(_PREFIX)


def name_of(voice_id: str, speaker_id: int) -> str:
    """Return espeak-ng's own name of one of a voice's speakers: `en-us+f3`."""
    language = language_of(voice_id)
    return f"{language}+{SPEAKERS[speaker_id]}" if speaker_id else language


def espeak_voice(name: str) -> Voice | None:
    """Return the voice of a name in any case: `espeak:en-us`; None where espeak-ng has no such language."""
    name = name.lower()
    return _voice(language_of(name)) if name.startswith(_PREFIX) else None


def espeak_voice_of(code: str) -> Voice | None:
    """Return the voice of a language by its code: `en_US`, `pt-PT`, `fr`; else that of its family."""
    written = code.replace("_", "-").lower()
    others = {other.replace("_", "-").lower(): name for name, other in _OTHER_CODES.items()}
    families = {other.partition("-")[0]: name for other, name in reversed(others.items())}
    wanted = (written, others.get(written), written.partition("-")[0], families.get(written.partition("-")[0]))
    return next(filter(None, (_voice(name) for name in wanted if name)), None)


def espeak_voices() -> list[Voice]:
    """Return the voices of all languages, by name."""
    found = (_voice(name) for name in sorted(languages()) if "/" not in name)
    return [voice for voice in found if voice is not None]


@cache
def _known(name: str) -> Voice | None:
    if not is_language(name):
        return None
    state = Path(languages()[name]).stat()
    return Voice(
        id=f"{_PREFIX}{name}",
        engine=ENGINE,
        language=_OTHER_CODES.get(name) or _code(name),
        sample_rate=_SAMPLE_RATE,
        num_speakers=len(SPEAKERS),
        speakers={speaker: number for number, speaker in enumerate(SPEAKERS)},
        quality=None,
        symbols=frozenset(),
        gender="male",
        model_path=Path(languages()[name]),
        size_bytes=state.st_size,
        stamp=(state.st_ino, state.st_size, state.st_mtime_ns),
    )


def _voice(name: str) -> Voice | None:
    try:
        # Only names that exist are kept, since clients may ask for any.
        return _known(name) if name in languages() and "/" not in name else None
    except (OSError, SynthesisError):
        return None


def _code(name: str) -> str:
    """Return a language's code as other voices have it: `en_US` of `en-us`."""
    language, _, region = name.partition("-")
    region = region.partition("-")[0]
    return f"{language}_{region.upper()}" if len(region) == _REGION_LETTERS or region.isdecimal() else language
