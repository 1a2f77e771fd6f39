"""The voice that fits a text's wishes best is chosen among those that are there: wishes never fail."""

from hailo_piper.errors import InvalidRequestError
from hailo_piper.text.voice_choice import VoiceChoice
from hailo_piper.voices.languages import family, is_same
from hailo_piper.voices.names import NamedVoice, Voices
from hailo_piper.voices.voice import Voice


def fitting(choice: VoiceChoice, own: NamedVoice, voices: Voices) -> NamedVoice:
    """Return the voice for a choice; `own`, the voice of the request, where nothing fits better.

    The first name that is there counts most, then the first language that a voice speaks, then the gender. A name,
    language or gender that is `required`, and that no voice has, leaves the voice as it is.
    """
    for name in choice.names:
        try:
            return voices.resolve(name)
        except InvalidRequestError:
            continue
    if choice.names and "name" in choice.required:
        return own
    among = _speaking(choice, own, voices)
    if choice.gender:
        alike = [voice for voice in among if voice.gender == choice.gender]
        among = alike or ([] if "gender" in choice.required else among)
    if not among:
        return own
    voice = among[(choice.variant or 1) % len(among) - 1]
    return own if voice is own.voice else NamedVoice(voice)


def _speaking(choice: VoiceChoice, own: NamedVoice, voices: Voices) -> list[Voice]:
    """Return the voices of the first language that some voice speaks; without a wish, those of the request's own.

    Those of its region come first, and of equals the request's own voice.
    """
    for language in choice.languages or (own.voice.language,):
        if found := [*voices.speaking(language), *voices.speaking(family(language))]:
            return sorted(
                dict.fromkeys(found), key=lambda voice: (not is_same(voice.language, language), voice is not own.voice)
            )
    return []
