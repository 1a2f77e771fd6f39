"""Translates between Wyoming's events and the service's own terms."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from wyoming.info import Attribution, Info, TtsProgram, TtsVoice, TtsVoiceSpeaker

from hailo_piper import __version__
from hailo_piper.errors import InvalidRequestError
from hailo_piper.speech.request import SpeechRequest
from hailo_piper.text.stream import TextStream
from hailo_piper.voices.voice import Voice

_PROGRAM = Attribution(name="hailo-piper", url="https://github.com/OHF-Voice/piper1-gpl")
_VOICES = Attribution(name="Piper voices", url="https://huggingface.co/rhasspy/piper-voices")


_TEXT_FORMATS = ("text", "ssml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The voice and the format of the text that an event asks for; None where the event does not say."""

    voice: str | None
    language: str | None
    speaker: str | None
    text_format: str | None
    """`text` or `ssml`."""

    def request(self, text: str | TextStream) -> SpeechRequest:
        """Return the request for a text."""
        return SpeechRequest(
            text=text,
            voice=self.voice,
            language=self.language,
            speaker=self.speaker,
            text_format=self.text_format,
            response_format="pcm",
        )


def choice_of(data: Mapping[str, Any]) -> Choice:
    """Return what a synthesize or synthesize-start asks for beside its text. Raises InvalidRequestError."""
    text_format = data.get("text_format")
    if text_format is not None and str(text_format).lower() not in _TEXT_FORMATS:
        raise InvalidRequestError(
            f"Unsupported text_format: {repr(text_format)[:60]}. Allowed: {', '.join(_TEXT_FORMATS)}",
            param="text_format",
        )
    voice = {} if data.get("voice") is None else data["voice"]
    if not isinstance(voice, dict):
        raise InvalidRequestError("Invalid 'voice': it is no object with name, language or speaker", param="voice")
    for name in ("name", "language", "speaker"):
        if not isinstance(voice.get(name), str | None):
            raise InvalidRequestError(f"Invalid 'voice': its {name} is no string", param="voice")
    return Choice(
        voice=voice.get("name"),
        language=voice.get("language"),
        speaker=voice.get("speaker"),
        text_format=None if text_format is None else text_format.lower(),
    )


def text_of(data: Mapping[str, Any]) -> str:
    """Return the text of a synthesize or synthesize-chunk. Raises InvalidRequestError."""
    text = data.get("text")
    if not isinstance(text, str):
        raise InvalidRequestError("Missing 'text' field" if text is None else "Invalid 'text': no string", param="text")
    return text


def describe(voices: tuple[Voice, ...]) -> Info:
    """Describe this service and its voices, the default voice first."""
    program = TtsProgram(
        name="hailo-piper",
        attribution=_PROGRAM,
        installed=True,
        description="Piper voices, spoken on this machine",
        version=__version__,
        voices=[_entry(voice) for voice in voices],
        supports_synthesize_streaming=True,
    )
    return Info(tts=[program])


def _entry(voice: Voice) -> TtsVoice:
    # Ids are language-name-quality; a program that shows a voice shows its language beside the description.
    _, _, name = voice.id.removesuffix(f"-{voice.quality}").partition("-")
    speakers = [*voice.speakers] or [str(number) for number in range(voice.num_speakers)]
    return TtsVoice(
        name=voice.id,
        attribution=_VOICES,
        installed=True,
        description=f"{name or voice.id} ({voice.quality})" if voice.quality else name or voice.id,
        version=None,
        languages=[voice.language],
        speakers=[TtsVoiceSpeaker(name=speaker) for speaker in speakers] if len(speakers) > 1 else None,
    )
