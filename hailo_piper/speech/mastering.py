"""Brings a voice's chunks to the level, rate and format that a request asks for."""

from collections.abc import Callable, Iterator

from hailo_piper.audio.encoding import Encoder
from hailo_piper.audio.samples import AudioChunk
from hailo_piper.speech.tally import Tally


def encode(
    chunks: Iterator[AudioChunk], encoder: Encoder, tally: Tally, num_samples: Callable[[], int | None]
) -> Iterator[bytes]:
    """Bytes as soon as there are any; `num_samples` is asked when the first chunk is there."""
    data = b""
    for chunk in chunks:
        if not tally.audio_seconds:
            tally.num_samples = num_samples()
            data = encoder.header(tally.num_samples)
        data += encoder.encode(chunk.samples)
        tally.audio_seconds += chunk.seconds
        if data:
            yield data
            data = b""
    if data := data + encoder.flush():
        yield data
