"""`bench` measures how fast this machine speaks, without a network.

Its figures are those of one machine at one moment; `benchmarks/` compares with other programs.
"""

import platform
import re
import statistics
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from hailo_piper.engine.engine import Engine
from hailo_piper.machine import cpus
from hailo_piper.speech.pipeline import Speech
from hailo_piper.speech.request import SpeechRequest

_TEXTS = {
    "a word": "Hello.",
    "a sentence": "The quick brown fox jumps over the lazy dog while the rain keeps falling on the quiet village.",
    "a paragraph": "Raspberry Pi is a small computer that fits in the palm of your hand. It runs many things at home, "
    "day and night. People use it for music, for lights, and for speech. This service reads text aloud, without any "
    "cloud, and it answers in a fraction of a second.",
}
_ROUNDS = 5
_AT_ONCE = 4


def measure(engine: Engine, speech: Speech, on_factor: Callable[[float], None] = lambda _: None) -> Iterator[str]:
    """Yield lines for a person: the machine, each text's median of five, four requests at once, and memory.

    `on_factor` gets the real-time factor of a paragraph, the longest text.
    """
    yield f"{platform.machine()}, {_processor()}, Python {platform.python_version()}"
    quota = cpus.usable_cpus()
    yield f"{quota:g} CPUs may be used; voice {engine.voice.id}, {'streamed' if engine.is_prepared else 'spoken whole'}"
    yield f"{'':12} {'first audio':>12} {'whole':>9} {'audio':>8} {'real-time factor':>17}"
    for name, text in _TEXTS.items():
        rounds = [_speak(speech, text) for _ in range(_ROUNDS)]
        first, whole, audio = (statistics.median(values) for values in zip(*rounds, strict=True))
        if name == "a paragraph":
            on_factor(whole / audio)
        yield f"{name:12} {first * 1e3:9.0f} ms {whole * 1e3:6.0f} ms {audio:6.1f} s {whole / audio:17.3f}"
    begin = time.perf_counter()
    pool = ThreadPoolExecutor(_AT_ONCE)
    try:
        together = list(pool.map(lambda _: _speak(speech, _TEXTS["a paragraph"]), range(2 * _AT_ONCE)))
    finally:
        # When the bench is stopped, texts still in the queue must not be spoken.
        pool.shutdown(wait=False, cancel_futures=True)
    seconds = time.perf_counter() - begin
    first = statistics.mean(first for first, _, _ in together)
    throughput = sum(audio for _, _, audio in together) / seconds
    yield f"{_AT_ONCE} at once: first audio {first * 1e3:.0f} ms, {throughput:.1f} seconds of audio a second"
    yield f"memory: {_megabytes('VmRSS'):.0f} MB now, {_megabytes('VmHWM'):.0f} MB at most"


def _speak(speech: Speech, text: str) -> tuple[float, float, float]:
    """Speak a text; return (seconds to the first audio, seconds to the last, seconds of audio)."""
    begin = time.perf_counter()
    reply = speech.speak(SpeechRequest(text=text, response_format="pcm", use_cache=False), listener="bench")
    first = time.perf_counter() - begin
    size = sum(map(len, reply))
    reply.close()
    return first, time.perf_counter() - begin, size / 2 / reply.sample_rate


def _processor() -> str:
    found = re.search(r"^(?:model name|Model)\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text(), flags=re.MULTILINE)
    return found[1] if found else "unknown processor"


def _megabytes(field: str) -> float:
    found = re.search(rf"^{field}:\s+(\d+) kB$", Path("/proc/self/status").read_text(), flags=re.MULTILINE)
    return int(found[1]) / 1024 if found else float("nan")
