"""Kokoro comes from a public release, which no hub lists: it is fetched, checked and removed by its name."""

import sys
from collections.abc import Sequence
from pathlib import Path

from hailo_piper.cli import exit_codes
from hailo_piper.cli.interruption import stoppable
from hailo_piper.cli.more_voices import own_command
from hailo_piper.cli.progress import Bar
from hailo_piper.config.settings import Config
from hailo_piper.voices.voice import ENGINE_FILE

KOKORO = "kokoro"
"""Its name in `voices fetch` and `voices remove`."""


def fetch_release(config: Config, directory: Path) -> None:
    """Fetch Kokoro into a directory of voices, and tell it. Raises FetchError."""
    from hailo_piper.voices.fetching.kokoro import fetch_kokoro, released

    files = released(config.voices.kokoro_url)
    with stoppable() as stop:
        stop.unwinds = True
        bar = Bar(KOKORO, sum(file.size_bytes for file in files))
        is_new = fetch_kokoro(files, directory, on_progress=bar.add)
    result = "fetched and checked" if is_new else "was here already, whole and right"
    sys.stdout.write(f"{directory / KOKORO}: {result}\n")
    sys.stderr.write(
        f"Speak with it: {own_command()} say --voice {KOKORO} 'Hello.' `voices list` shows its languages.\n"
    )


def verify_release(config: Config, places: Sequence[Path]) -> int | None:
    """Compare Kokoro's files with its release, and tell it; return the exit code, or None where it is not here."""
    folders = [directory / KOKORO for directory in places if (directory / KOKORO / ENGINE_FILE).is_file()]
    if not folders:
        return None
    from hailo_piper.voices.fetching.kokoro import released
    from hailo_piper.voices.fetching.remote_file import mismatch

    files = released(config.voices.kokoro_url)
    wrong = [problem for folder in folders for file in files if (problem := mismatch(file, folder))]
    lines = [f"FAIL {KOKORO}: {problem}; fetch it again\n" for problem in wrong] or [f"ok   {KOKORO}\n"]
    sys.stdout.writelines(lines)
    return exit_codes.FAILED if wrong else 0


def folder_of(name: str, places: Sequence[Path]) -> Path | None:
    """Return the folder of a voice with a voice.json; the user's own before the system's of the same name."""
    found = [directory / name for directory in reversed(places) if (directory / name / ENGINE_FILE).is_file()]
    return found[0] if found else None


def remove_folder(folder: Path) -> list[Path]:
    """Delete a voice in a folder, with those whose files lie there. Returns what is gone. Raises OSError."""
    from hailo_piper.voices.fetching.kokoro import remove_folders

    return remove_folders(folder.parent, folder.name)
