"""Where `say` puts speech: a file, standard output or a player."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hailo_piper.speech import Reply

PLAYERS = {
    "paplay": ["--raw", "--format=s16le", "--rate={rate}", "--channels=1"],
    "aplay": ["-q", "-t", "raw", "-f", "S16_LE", "-r", "{rate}", "-c", "1"],
    "ffplay": ["-autoexit", "-nodisp", "-loglevel", "error", "-f", "s16le", "-ar", "{rate}", "-i", "-"],
}
"""Programs that play 16-bit mono PCM from standard input as it comes, the preferred first."""


class PlayerError(Exception):
    """The player ended with an error of its own."""


def find_player() -> str | None:
    """The path of the first player that is installed."""
    return next(filter(None, map(shutil.which, PLAYERS)), None)


def write(reply: "Reply", output: str) -> None:
    """Into a file by name, whole or not at all; - is standard output. Raises SpeechError and OSError."""
    if output == "-":
        for piece in _with_progress(reply):
            sys.stdout.buffer.write(piece)
            sys.stdout.buffer.flush()
        return
    # Through a file beside it, so that a failure or Ctrl-C leaves no half answer under the name asked for.
    part = Path(f"{output}.{os.getpid()}.part")
    try:
        with part.open("xb") as file:
            file.writelines(_with_progress(reply))
            file.seek(0)
            file.write(reply.exact_header())
        part.replace(output)
    finally:
        part.unlink(missing_ok=True)


def play(reply: "Reply", player: str) -> None:
    """Through the player that `find_player` named. Raises SpeechError, and PlayerError where the player fails."""
    arguments = [argument.format(rate=reply.sample_rate) for argument in PLAYERS[Path(player).name]]
    with subprocess.Popen([player, *arguments], stdin=subprocess.PIPE) as process:
        try:
            for piece in _with_progress(reply):
                process.stdin.write(piece)  # type: ignore[union-attr]
        except BrokenPipeError:
            pass
        finally:
            process.stdin.close()  # type: ignore[union-attr]
    if process.returncode:
        raise PlayerError(f"{player} failed with exit code {process.returncode}")


def _with_progress(reply: "Reply") -> Iterator[bytes]:
    """The reply's pieces, counting what has been spoken where a terminal shows it."""
    watched = sys.stderr.isatty()
    for piece in reply:
        if watched:
            sys.stderr.write(f"\r{reply.audio_seconds:.1f} s spoken ")
            sys.stderr.flush()
        yield piece
    if watched:
        sys.stderr.write("\n")
