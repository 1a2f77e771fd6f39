"""How many words of English Whisper base hears wrong, for each voice: the word error rate, lower is better.

    python benchmarks/word_errors.py [VOICE ...] [--file FILE] [--lines 40]

Without names: the default voice and espeak-ng's two Englishes. The same lines are spoken by each voice, in 16 kHz.
Text and what is heard are compared in small letters without marks, word by word (edit distance). Lines with
digits are passed over, since Whisper writes numbers in its own way. Needs what word_times.py needs, Whisper included.
"""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack, closing
from pathlib import Path

import machine
import numpy as np
from aligners import RATE, Whisper, plain
from timed_speech import SENTENCES

from hailo_piper.assembly import build_service
from hailo_piper.config.loading import load_config
from hailo_piper.default_voice import load_default_voice
from hailo_piper.speech.pipeline import Speech
from hailo_piper.speech.request import SpeechRequest

VOICES = ("default", "espeak:en-us", "espeak:en")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("voices", nargs="*", default=VOICES)
    parser.add_argument("--file", type=Path, default=SENTENCES)
    parser.add_argument("--lines", type=int, default=40, help="how many lines are spoken at most")
    options = parser.parse_args()
    for name, value in machine.describe().items():
        print(f"{name:14} {value}")
    lines = [line for line in options.file.read_text(encoding="utf-8").splitlines() if line and not has_digits(line)]
    lines = lines[: options.lines]
    config = load_config(None)
    with ExitStack() as stack:
        whisper = Whisper(Path(stack.enter_context(tempfile.TemporaryDirectory())))
        default = load_default_voice(config, stack)
        default.engine.prepare()
        speech = build_service(default, config, stack).speech
        words = sum(len(plain(line).split()) for line in lines)
        print(f"\n{len(lines)} lines, {words} words\n\n| voice | words heard wrong | word error rate |\n|---|---|---|")
        for voice in options.voices:
            wrong = sum(errors(plain(line).split(), heard(line, voice, speech, whisper).split()) for line in lines)
            print(f"| {voice} | {wrong} | {100 * wrong / words:.1f} % |", flush=True)
    return 0


def has_digits(line: str) -> bool:
    return any(map(str.isdigit, line))


def heard(line: str, voice: str, speech: Speech, whisper: Whisper) -> str:
    """What Whisper hears when a voice says a line."""
    request = SpeechRequest(text=line, voice=voice, response_format="pcm", sample_rate=RATE, use_cache=False)
    with closing(speech.speak(request, listener="bench")) as reply:
        pcm = b"".join(reply)
    return whisper.hear(np.frombuffer(pcm, "<i2").astype(np.float32) / np.float32(1 << 15))


def errors(said: Sequence[str], heard_words: Sequence[str]) -> int:
    """The fewest words to change, add or leave out."""
    costs = list(range(len(heard_words) + 1))
    for row, word in enumerate(said, start=1):
        before, costs[0] = costs[0], row
        for column, other in enumerate(heard_words, start=1):
            changed = before + (word != other)
            before = costs[column]
            costs[column] = min(changed, before + 1, costs[column - 1] + 1)
    return costs[-1]


if __name__ == "__main__":
    sys.exit(main())
