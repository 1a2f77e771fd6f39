"""Sound through a player: a program that plays what it reads, as it comes."""

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
"""Programs that play 16-bit mono PCM from standard input as it comes, the preferred first."""

_ENDING_SECONDS = 1.0


class PlayerError(Exception):
    """The player did not play it all; the message is for a person."""


def find_player() -> str | None:
    """The path of the first player that is installed."""
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
        """Nothing: PCM has no header."""


@contextmanager
def playing(player: str, sample_rate: int) -> Iterator[_Player]:
    """The player that `find_player` named, running; waits at the end until it has played.

    Raises PlayerError where it cannot be started, fails, or ends before the speech does.
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
    """Let go of a player, which plays nothing further where nobody waited for it."""
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
