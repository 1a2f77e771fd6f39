"""Lexicons are kept in one configured directory, or in the system's and the user's own."""

from contextlib import suppress
from pathlib import Path

from hailo_piper.config.settings import Config
from hailo_piper.machine.user_directories import user_directory
from hailo_piper.text.lexicon.directory import Lexicons

SYSTEM_LEXICONS = Path("/etc/hailo/lexicons")
"""The directory of the installed service's lexicons."""


def lexicon_directories(config: Config) -> list[Path]:
    """Return the directories of lexicons; the words of a later one come first."""
    if config.lexicons.directory is not None:
        return [Path(config.lexicons.directory)]
    found = [SYSTEM_LEXICONS]
    # A service's user may have no home.
    with suppress(RuntimeError):
        found.append(user_directory("XDG_CONFIG_HOME", "~/.config") / "hailo-piper/lexicons")
        # The installed service may write into its data directory alone: there are the words that clients add.
        found.append(user_directory("XDG_DATA_HOME", "~/.local/share") / "hailo-piper/lexicons")
    return found


def build_lexicons(config: Config) -> Lexicons:
    """Return the operator's lexicons, which are read when a text needs them."""
    return Lexicons(lexicon_directories(config))
