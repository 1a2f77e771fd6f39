"""`lexicon check` checks the lexicon files, or shows and speaks one of their words."""

import argparse
import sys
from contextlib import closing
from typing import TYPE_CHECKING, Any

from hailo_piper.cli import exit_codes, playback
from hailo_piper.cli.commands import say
from hailo_piper.cli.configuration import load, print_line, print_problems
from hailo_piper.cli.interruption import stoppable
from hailo_piper.cli.parser import and_voice
from hailo_piper.errors import RefusedTextError, SpeechError
from hailo_piper.monitoring import logs

if TYPE_CHECKING:
    from hailo_piper.config.settings import Config


def add_to(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add this command and the one below it to a parser's commands. `common` has --config."""
    lexicon = commands.add_parser(
        "lexicon",
        help="check lexicons, and try a word of theirs",
        description="Checks the files of lexicons.directory, and shows how a word is pronounced.",
        examples=[("how a name is said", "hailo-piper lexicon check Nguyen")],
    )
    below = lexicon.add_subparsers(metavar="COMMAND", title="commands", required=True)
    check = below.add_parser(
        "check",
        parents=[and_voice(common)],
        help="check the files, or show and speak a word",
        description="Without a word: checks every file, and tells each mistake with its place; exit code 78 if there "
        "is one.\nWith a word: shows where its pronunciation comes from, prints the phonemes, and speaks it.",
        examples=[
            ("every file", "hailo-piper lexicon check"),
            ("a word", "hailo-piper lexicon check Nguyen"),
            ("into a file, where there is no loudspeaker", "hailo-piper lexicon check Nguyen -o nguyen.wav"),
        ],
    )
    check.add_argument("word", nargs="?", metavar="WORD", help="a word, or words")
    check.add_argument("-o", "--output", metavar="FILE", help="speak it into this file, as say does")
    check.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """Check the files, then show the word. Returns the exit code."""
    logs.configure(level="ERROR", style="text")
    with stoppable() as stop:
        config = load(options)
        stop.unwinds = True
        code = _check_files(config)
        if options.word is None or code:
            return code
        try:
            is_heard = _show(options.word, config)
        except SpeechError as error:
            print_line(f"hailo-piper: {error.message}")
            return exit_codes.FAILED
    if not is_heard or (options.output is None and playback.find_player() is None):
        return 0
    return say.run(argparse.Namespace(**{
        **vars(options), "text": options.word, "play": False, "format": None, "speed": None, "speaker": None,
        "pitch": None, "ssml": False,
        **{f"{name}_silence": None for name in say.SILENCES}, "captions": None,
    }))  # fmt: skip


def _check_files(config: "Config") -> int:
    from hailo_piper.text.lexicon.directory import files_in, problems_of
    from hailo_piper.text.lexicon.places import lexicon_directories

    directories = lexicon_directories(config)
    files = files_in(directories)
    if problems := [line for path in files for line in problems_of(path)]:
        print_problems(problems)
        return exit_codes.CONFIG
    print_line(f"{len(files)} file(s) in order, in {', '.join(map(str, directories))}")
    return 0


def _show(word: str, config: "Config") -> bool:
    """Print where a word's pronunciation comes from, and what is heard. Returns whether anything is."""
    from hailo_piper.engine.espeak_ng.espeak import Espeak
    from hailo_piper.engine.phonemes.phonemes import phonemizer_of
    from hailo_piper.text.lexicon.directory import missing_symbols
    from hailo_piper.text.lexicon.places import build_lexicons
    from hailo_piper.text.normalise.verbaliser import verbalise, words_for
    from hailo_piper.text.sentence import Sentence
    from hailo_piper.voices.places import default_voice

    voice = default_voice(config).voice
    lexicons = build_lexicons(config).for_voice(voice.id, voice.language)
    entries = [lexicon.entry(word) for lexicon in (*lexicons, *words_for(voice.language))]
    entry = next((entry for entry in entries if entry is not None), None)
    lines = [f"entry     {entry.source or 'the list of hailo-piper' if entry else 'none is this word'}"]
    with closing(Espeak()) as espeak:
        reader = phonemizer_of(voice, espeak).reader
        lines.append(f"alone     {''.join(reader.phonemes(Sentence(word)))}")
        try:
            spoken = verbalise(Sentence(word), voice.language, lexicons)
            phonemes = "".join(reader.phonemes(spoken)) if spoken.text.strip() else ""
            lines.append(f"spoken    {phonemes or 'nothing'}")
        except RefusedTextError:
            phonemes = ""
            lines.append("spoken    nothing: a text with it is refused")
    if voice.symbols and (missing := missing_symbols(phonemes, voice.symbols)):
        lines.append(f"missing   {voice.id} has no sound for {missing}")
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.flush()
    return bool(phonemes)
