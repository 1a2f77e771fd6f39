"""`say` plays sound through a player: a program that plays PCM from its standard input as it arrives."""

import contextlib
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PLAYERS = {
    "paplay": ["--raw", "--format=s16le", "--rate={rate}", "--channels=1"],
    "aplay": ["-q", "-t", "raw", "-f", "S16_LE", "-r", "{rate}", "-c", "1"],
    "ffplay": ["-autoexit", "-nodisp", "-loglevel", "error", "-f", "s16le", "-ar", "{rate}", "-i", "-"],
}
"""Players of 16-bit mono PCM from standard input, with their arguments, the preferred first."""

_ENDING_SECONDS = 1.0


class PlayerError(Exception):
    """A player that did not play all of the sound; the message is for a person."""


def find_player() -> str | None:
    """Return the path of the first player that is installed, or None."""
    return next(filter(None, map(shutil.which, PLAYERS)), None)


class _Player:
    """A running player, as an output."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        assert process.stdin  # noqa: S101 - a pipe was asked for
        self._stdin = process.stdin

    def write(self, data: bytes) -> None:
        self._stdin.write(data)
        self._stdin.flush()

    def finish(self, header: bytes) -> None:
        """Do nothing: PCM has no header."""


@contextmanager
def playing(player: str, sample_rate: int) -> Iterator[_Player]:
    """Run the player that `find_player` found; at the end, wait until it has played everything.

    Raises PlayerError if it cannot be started, fails, or ends before the speech does.
    """
    arguments = [argument.format(rate=sample_rate) for argument in PLAYERS[Path(player).name]]
    try:
        process = subprocess.Popen([player, *arguments], stdin=subprocess.PIPE)
    except OSError as error:
        raise PlayerError(f"{player} cannot be started: {error.strerror}") from error
    left = False
    try:
        try:
            yield _Player(process)
            process.stdin.close()  # type: ignore[union-attr]
        except BrokenPipeError:
            left = True
        process.wait()
    finally:
        _end(process)
    if process.returncode or left:
        raise PlayerError(f"{player} {_ending(process.returncode)}; -o FILE writes a file instead")


def _end(process: "subprocess.Popen[bytes]") -> None:
    """Close a player, and terminate it if it is still running, as after Ctrl-C."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(_ENDING_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    with contextlib.suppress(BrokenPipeError):
        process.stdin.close()  # type: ignore[union-attr]


def _ending(status: int) -> str:
    if status < 0:
        return f"was ended by {signal.Signals(-status).name}"
    return f"failed with exit code {status}" if status else "ended before the speech did"
