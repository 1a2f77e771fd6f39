"""A voice.json describes a voice of another engine than Piper, in a folder of its own."""

import json
from pathlib import Path
from typing import Any

from hailo_piper.config.files import read_bounded
from hailo_piper.errors import ConfigError
from hailo_piper.voices.facts import optional_text, text, whole
from hailo_piper.voices.voice import ENGINE_FILE, Voice

_LARGEST_BYTES = 1 << 20
_SAMPLE_RATES = (8_000, 96_000)
_MOST_SPEAKERS = 65_535


def read_engine_voice(folder: Path, *, key: str = "voices.directory") -> Voice:
    """Read the voice.json of a folder, whose name is the voice's id; `key`: the configuration key that names it.

    It has `engine`, `language` and `sample_rate`, and may have `speakers` (names, in order), `quality` and `gender`;
    what else is there is the engine's own. Raises ConfigError where it cannot be read or is wrong.
    """
    path = folder / ENGINE_FILE
    try:
        facts = json.loads(read_bounded(path, _LARGEST_BYTES).decode("utf-8"))
        return _voice(facts, path)
    except OSError as error:
        raise ConfigError([f"{key}: {path} cannot be read: {error.strerror}"]) from error
    except RecursionError:
        raise ConfigError([f"{key}: {path} is nested too deeply"]) from None
    except (ValueError, KeyError) as error:
        problem = f"it has no {error}" if isinstance(error, KeyError) else error
        raise ConfigError([f"{key}: {path} describes no voice: {problem}"]) from error


def _voice(facts: Any, path: Path) -> Voice:
    if not isinstance(facts, dict):
        raise ValueError("it is no object")  # noqa: TRY004 - one error for all
    speakers = facts.get("speakers", [])
    if not isinstance(speakers, list) or len(speakers) > _MOST_SPEAKERS:
        raise ValueError(f"speakers is no list of at most {_MOST_SPEAKERS} names")
    files = sorted(one.stat() for one in path.parent.iterdir() if one.is_file())
    return Voice(
        id=path.parent.name,
        engine=text(facts["engine"], "engine"),
        language=text(facts["language"], "language"),
        sample_rate=whole(facts["sample_rate"], "sample_rate", *_SAMPLE_RATES),
        num_speakers=len(speakers) or 1,
        speakers={text(name, "a name in speakers"): number for number, name in enumerate(speakers)},
        quality=optional_text(facts.get("quality"), "quality"),
        symbols=frozenset(),
        gender=optional_text(facts.get("gender"), "gender"),
        model_path=path,
        size_bytes=sum(state.st_size for state in files),
        stamp=tuple(number for state in files for number in (state.st_ino, state.st_size, state.st_mtime_ns)),
    )
