"""Lists voices and models in the shapes that clients expect."""

from collections.abc import Collection
from typing import Any

from hailo_piper.errors import ModelNotFoundError, NoSuchVoiceError
from hailo_piper.voices.languages import speaks
from hailo_piper.voices.name_matching import same_name, shortened
from hailo_piper.voices.names import DEFAULT_VOICE, NamedVoice, Voices
from hailo_piper.voices.voice import Voice

_MODELS = ("piper", "tts-1", "tts-1-hd", "gpt-4o-mini-tts")


def voice_entries(
    voices: Voices, loaded: Collection[Voice], *, language: str | None, engine: str | None = None
) -> list[dict[str, Any]]:
    """Return the list of /v1/voices: the default voice under that name first, then every voice under its id.

    `language`, a family or a full code, limits the list to the voices that speak it, and `engine` to those of one. The
    hundred voices of espeak-ng are listed for who asks for that engine alone.
    """
    everything = voices.all()
    if engine is not None:
        if engine == "espeak":
            from hailo_piper.voices.espeak_voices import espeak_voices

            everything = tuple(dict.fromkeys((*everything, *espeak_voices())))
        everything = tuple(voice for voice in everything if voice.engine == engine)
    listed = [voice for voice in everything if language is None or speaks(voice.language, language)]
    entries = [voice_entry(voice, voices, loaded) for voice in listed]
    return [{**entries[0], "id": DEFAULT_VOICE}, *entries] if voices.default in listed else entries


def listed_voice(name: str, voices: Voices, loaded: Collection[Voice]) -> dict[str, Any]:
    """Return the entry of one voice in the list, by its id in any case. Raises NoSuchVoiceError."""
    entries = {entry["id"]: entry for entry in voice_entries(voices, loaded, language=None)}
    known = same_name(name, entries)
    if known is None and name.lower().startswith("espeak:"):
        from hailo_piper.voices.espeak_voices import espeak_voice

        if (found := espeak_voice(name)) is not None:
            return voice_entry(found, voices, loaded)
    if known is None:
        raise NoSuchVoiceError(
            f"Unknown voice: {shortened(name)}. GET /v1/voices lists those there are", param="voice_id"
        )
    return entries[known]


def voice_entry(voice: Voice, voices: Voices, loaded: Collection[Voice]) -> dict[str, Any]:
    """Return the facts of one voice."""
    factor = voices.factors().get(voice.id)
    return {
        "id": voice.id,
        "name": voice.id,
        "engine": voice.engine,
        "language": voice.language,
        "gender": voice.gender,
        "quality": voice.quality,
        "sample_rate": voice.sample_rate,
        "num_speakers": voice.num_speakers,
        "speakers": list(voice.speakers),
        "size_bytes": voice.size_bytes,
        "loaded": voice in loaded,
        "real_time_factor": factor,
        "slower_than_real_time": None if factor is None else factor > 1,
        "aliases": [name for name, named in voices.aliases.items() if named.voice == voice],
    }


def voice_names(voices: Voices) -> list[dict[str, str]]:
    """Return the list of /v1/audio/voices, in Open WebUI's shape: each voice once, and the default one under that name.

    Only aliases that name a speaker are listed; the others would list a voice again, and are accepted all the same.
    """
    default = voices.resolve(DEFAULT_VOICE)
    entries = [{"id": DEFAULT_VOICE, "name": f"{DEFAULT_VOICE} ({_called(default)})"}]
    entries += [{"id": voice.id, "name": voice.id} for voice in voices.all()]
    others: dict[NamedVoice, str] = {}
    for name, named in voices.aliases.items():
        if named.speaker is not None and named != default:
            others.setdefault(named, name)
    return entries + [{"id": name, "name": f"{name} ({_called(named)})"} for named, name in others.items()]


def _called(named: NamedVoice) -> str:
    return named.voice.id if named.speaker is None else f"{named.voice.id}, speaker {named.speaker}"


def model_entries() -> dict[str, Any]:
    """Return the list of /v1/models, in OpenAI's shape; a request may name any model, these are worth showing."""
    return {"object": "list", "data": [_model_entry(name) for name in _MODELS]}


def model_entry(name: str) -> dict[str, Any]:
    """Return one of these models, as /v1/models/NAME shows it. Raises ModelNotFoundError."""
    if name.lower() in _MODELS:
        return _model_entry(name.lower())
    raise ModelNotFoundError(
        f"The model {name[:60]!r} does not exist. Those that are listed: {', '.join(_MODELS)}", param="model"
    )


def _model_entry(name: str) -> dict[str, Any]:
    return {"id": name, "object": "model", "created": 0, "owned_by": "hailo-piper"}


def model_names() -> list[dict[str, str]]:
    """Return the list of /v1/audio/models, in Open WebUI's shape."""
    return [{"id": name} for name in _MODELS]
