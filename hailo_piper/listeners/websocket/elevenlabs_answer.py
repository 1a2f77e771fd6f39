"""The messages of one ElevenLabs context: sound, and alignments that cover it."""

import base64
from collections.abc import Callable
from typing import Any

from hailo_piper.listeners.alignment import Aligner, Alignment, CoveredSound
from hailo_piper.listeners.websocket.messages import in_messages
from hailo_piper.listeners.websocket.speaking import Sound


class Answer:
    """The messages of one context."""

    def __init__(self, send: Callable[[str, dict[str, Any]], Any], name: str, *, is_absolute: bool) -> None:
        self._send = send
        self._name = name
        self._is_absolute = is_absolute
        self._aligner = Aligner()
        self._sound = CoveredSound(self._aligner)
        self._told = 0.0
        """Seconds up to which alignments were sent."""
        self._seconds = 0.0
        self.needs_space = False
        """Whether the text does not end with a space."""
        self.has_text = False
        """Whether anything but blanks came."""
        self.is_flushed = False
        """Whether its client flushed what it sent last."""
        self.is_ending = False
        """Whether its client closed it, and it is spoken to its end."""
        self.is_cancelled = False

    def push(self, text: str) -> None:
        """Note a piece of the text."""
        self._aligner.push(text)
        self.needs_space = not text[-1].isspace()
        self.has_text = self.has_text or not text.isspace()

    async def take(self, sound: Sound) -> None:
        """Send a piece of sound, once the alignments cover it. Raises ConnectionError."""
        self._seconds = sound.seconds
        covered = self._sound.push(sound.data, sound.seconds, sound.words)
        if covered is not None:
            await self._tell(*covered)

    async def finish(self) -> None:
        """Send what is left, unless it was cancelled. Raises ConnectionError."""
        if not self.is_cancelled and self._seconds:
            await self._tell(*self._sound.end(self._seconds))

    async def _tell(self, audio: bytes, times: list[Alignment]) -> None:
        alignment = self._shown(times)
        for piece in in_messages(audio):
            shown = base64.b64encode(piece).decode("ascii")
            await self._send(self._name, {"audio": shown, "alignment": alignment, "normalizedAlignment": alignment})
            alignment = None
        if alignment is not None:
            await self._send(self._name, {"audio": "", "alignment": alignment, "normalizedAlignment": alignment})

    def _shown(self, times: list[Alignment]) -> dict[str, Any] | None:
        characters = [character for part in times for character in part.characters]
        if not characters:
            return None
        base = 0.0 if self._is_absolute else self._told
        # Rounded as points of time, so that the spans of all messages still add up.
        starts = [round((start - base) * 1000) for part in times for start in part.starts]
        end = round((times[-1].ends[-1] - base) * 1000) if times[-1].ends else starts[-1]
        self._told = base + end / 1000 if not self._is_absolute else end / 1000
        durations = [after - start for start, after in zip(starts, [*starts[1:], end], strict=True)]
        return {"chars": characters, "charStartTimesMs": starts, "charDurationsMs": durations}
