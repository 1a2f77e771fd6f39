"""`explain` shows how a text would be read, and why."""

import argparse
import json
import sys
from contextlib import closing
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from hailo_piper.cli import exit_codes
from hailo_piper.cli.configuration import load, print_line
from hailo_piper.cli.interruption import stoppable
from hailo_piper.cli.parser import and_voice
from hailo_piper.errors import InvalidRequestError, SpeechError
from hailo_piper.monitoring import logs

if TYPE_CHECKING:
    from hailo_piper.config.settings import Config
    from hailo_piper.speech.explanation import Explanation, ReadSentence
    from hailo_piper.speech.request import SpeechRequest


def add_to(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add this command to a parser's commands. `common` has the options of every command."""
    explain = commands.add_parser(
        "explain",
        parents=[and_voice(common)],
        help="show how a text is read",
        description="Shows a text sentence by sentence: what came, what is spoken, by which rule, and the phonemes.",
        examples=[
            ("why a price is read as it is", 'hailo-piper explain "It costs $3.5M."'),
            ("in another language", 'hailo-piper explain --language de "Am 3. Oktober"'),
            ("for a program", "hailo-piper explain --json < text.txt"),
        ],
    )
    explain.add_argument("text", nargs="?", metavar="TEXT", help="what to explain; standard input where it is left out")
    explain.add_argument(
        "--language", metavar="CODE", help="read it in this language, en or en_US, whether or not a voice speaks it"
    )
    explain.add_argument("--ssml", action="store_true", help="the text is SSML, a document or a part of one")
    explain.add_argument("--json", action="store_true", help="print JSON, as POST /v1/text answers")
    explain.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """Explain the text. Returns the exit code."""
    logs.configure(level="WARNING", style="text")
    with stoppable() as stop:
        config = load(options)
        from hailo_piper.listeners.dialect import Dialect

        stop.unwinds = True
        try:
            # Both together would be one question with two answers; a voice has its language.
            language = None if options.voice else options.language
            fields = {"text": _text(options), "language": language, "ssml": options.ssml or None}
            explanation = _explain(Dialect().request(fields), config)
        except SpeechError as error:
            print_line(f"hailo-piper: {error.message}")
            return exit_codes.USAGE if isinstance(error, InvalidRequestError) else exit_codes.FAILED
    shown = json.dumps(asdict(explanation), ensure_ascii=False, indent=2) if options.json else _shown(explanation)
    sys.stdout.write(f"{shown}\n")
    sys.stdout.flush()
    return 0


def _text(options: argparse.Namespace) -> str:
    from hailo_piper.cli.text_input import decode

    if options.text is not None:
        return str(options.text)
    # Whatever the locale says, as for `say`.
    if sys.stdin is None:
        raise InvalidRequestError("There is no text: give it as an argument, or on standard input")
    return "".join(decode(sys.stdin.buffer.read, "standard input", lambda line: print_line(f"hailo-piper: {line}")))


def _explain(request: "SpeechRequest", config: "Config") -> "Explanation":
    from hailo_piper.assembly import build_voices
    from hailo_piper.engine.espeak_ng.espeak import Espeak
    from hailo_piper.speech.explanation import Explainer
    from hailo_piper.text.language_detector import LanguageDetector
    from hailo_piper.text.lexicon.places import build_lexicons
    from hailo_piper.voices.places import default_voice

    voices = build_voices(default_voice(config), config)
    with closing(Espeak()) as espeak:
        explainer = Explainer(
            voices=voices,
            lexicons=build_lexicons(config),
            detector=LanguageDetector(),
            espeak=espeak,
            config=config,
        )
        return explainer.explain(request)


def _shown(explanation: "Explanation") -> str:
    by = explanation.voice or "no voice is installed"
    shown = [_shown_sentence(sentence, explanation.voice) for sentence in explanation.sentences]
    return "\n\n".join([f"{explanation.language} ({by})", *shown])


def _shown_sentence(sentence: "ReadSentence", usual_voice: str | None) -> str:
    rows = [("voice", sentence.voice)] if sentence.voice and sentence.voice != usual_voice else []
    rows += [("spoken", sentence.spoken)] if sentence.spoken != sentence.text else []
    for change in sentence.changes:
        said = f"/{change.phonemes}/" if change.phonemes else change.spoken.strip() or "nothing"
        rows.append((change.rule, f"{change.written.strip()} -> {said}"))
    rows.append(("phonemes", sentence.phonemes))
    return "\n".join([sentence.text, *(f"  {name:<14}{shown}" for name, shown in rows)])
