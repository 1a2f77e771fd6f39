"""A text that arrives in pieces becomes a stream, read as its request asks."""

from hailo_piper.errors import SpeechError
from hailo_piper.listeners.service import Service
from hailo_piper.speech.plan import reading_of
from hailo_piper.speech.request import SpeechRequest
from hailo_piper.text.stream import TextStream


def new_stream(request: SpeechRequest, service: Service, *, patience_seconds: float) -> TextStream:
    """Return the text of a request, of which nothing has come. It may have to import what reads SSML.

    `patience_seconds`: how long it waits for the next piece.
    """
    synthesis = service.config.synthesis
    try:
        language = service.voices.choose(request.voice, request.language, request.model).voice.language
    except SpeechError:
        # A voice that is unknown is refused when it is to speak.
        language = ""
    return TextStream(
        max_text_length=synthesis.max_text_length,
        patience_seconds=patience_seconds,
        reading=reading_of(request, language, synthesis),
        keeps_places=request.words,
    )
