"""`bench` measures how fast this machine speaks, without a network.

Its figures are those of one machine at one moment; `benchmarks/` compares with other programs.
"""

import statistics
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from hailo_piper import __version__
from hailo_piper.engine.engine import Engine
from hailo_piper.errors import BusyError
from hailo_piper.machine.condition import condition, description, megabytes
from hailo_piper.speech.pipeline import Speech
from hailo_piper.speech.request import SpeechRequest

FORMAT = 1
"""Of the figures; another one cannot be compared."""
TEXTS = {
    "a word": "Hello.",
    "a phrase": "The kettle is on, and the tea will be served soon.",
    "a sentence": "The quick brown fox jumps over the lazy dog while the rain keeps falling on the quiet village.",
    "a paragraph": "Raspberry Pi is a small computer that fits in the palm of your hand. It runs many things at home, "
    "day and night. People use it for music, for lights, and for speech. This service reads text aloud, without any "
    "cloud, and it answers in a fraction of a second.",
}
_ROUNDS = 5
_AT_ONCE = 4
_MOST_LISTENERS = 64
_OWN = Path("/proc/self/status")
_SOON_SECONDS = 1.0
"""A first sound that comes later is no answer to somebody who listens."""


class Spoken(NamedTuple):
    """What one answer took, in seconds."""

    first: float
    whole: float
    audio: float
    late: float = 0.0
    """For how long a listener heard nothing within it."""


def measure(
    engine: Engine, speech: Speech, on_factor: Callable[[float], None] = lambda _: None
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield lines for a person, each with the figures so far, which are complete with the last.

    These are the machine, each text's median of five, four requests at once, how many can listen at once, and memory.
    `on_factor` gets the real-time factor of a paragraph, the longest text.
    """
    machine, before = description(), condition()
    figures: dict[str, Any] = {
        "format": FORMAT,
        "version": __version__,
        "when": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": machine,
        "voice": {"id": engine.voice.id, "quality": engine.voice.quality, "streamed": engine.is_prepared},
        "before": before,
        "texts": {},
    }
    quota = machine["cores"] if machine["quota"] is None else machine["quota"]
    yield f"{machine['architecture']}, {machine['model'] or 'unknown processor'}, Python {machine['python']}", figures
    yield f"{quota:g} CPUs may be used{_told(', governor ', machine['governor'])}{_warmth(before)}", figures
    yield f"voice {engine.voice.id}, {'streamed' if engine.is_prepared else 'spoken whole'}", figures
    yield f"{'':12} {'first audio':>12} {'whole':>9} {'audio':>8} {'real-time factor':>17}", figures
    for name, text in TEXTS.items():
        rounds = [_speak(speech, text) for _ in range(_ROUNDS)]
        first, whole, audio, _ = (statistics.median(values) for values in zip(*rounds, strict=True))
        figures["texts"][name] = {
            "characters": len(text),
            "first_audio_ms": round(first * 1e3, 1),
            "whole_ms": round(whole * 1e3, 1),
            "audio_seconds": round(audio, 2),
            "real_time_factor": round(whole / audio, 4),
        }
        if name == "a paragraph":
            on_factor(whole / audio)
        yield f"{name:12} {first * 1e3:9.0f} ms {whole * 1e3:6.0f} ms {audio:6.1f} s {whole / audio:17.3f}", figures
    first, throughput = _at_once(speech)
    figures["at_once"] = {
        "requests": _AT_ONCE,
        "first_audio_ms": round(first * 1e3, 1),
        "audio_seconds_a_second": round(throughput, 2),
    }
    yield f"{_AT_ONCE} at once: first audio {first * 1e3:.0f} ms, {throughput:.1f} seconds of audio a second", figures
    most = figures["listeners"] = listeners(speech)
    yield f"listeners at once: {most} hear their first sound within a second, and no gap", figures
    figures["memory_mb"] = {"now": megabytes(_OWN, "VmRSS"), "most": megabytes(_OWN, "VmHWM")}
    yield f"memory: {figures['memory_mb']['now']} MB now, {figures['memory_mb']['most']} MB at most", figures
    after = figures["after"] = condition()
    if after["celsius"] is not None:
        yield f"temperature: {before['celsius']} °C before, {after['celsius']} °C now", figures
    if held_back := after["held_back"]:
        yield f"held back: {', '.join(held_back)}. The figures are not those of a machine that is cool enough.", figures


def listeners(speech: Speech) -> int:
    """Return how many, in steps of a third, can listen at once: each hears a sentence soon, and without a gap."""
    good, number = 0, 1
    while number <= _MOST_LISTENERS:
        # A second try, for one stumble of a machine that does other things as well.
        if not any(_all_hear(speech, number) for _ in range(2)):
            break
        good, number = number, max(number + 1, number * 4 // 3)
    return good


def _all_hear(speech: Speech, number: int) -> bool:
    heard: list[Spoken] = []

    def listen(which: int) -> None:
        # Of one's own, so that nobody gets what another one asked for.
        with suppress(BusyError):
            heard.append(_speak(speech, f"Listener {which}: {TEXTS['a sentence']}", at_playback_speed=True))

    threads = [threading.Thread(target=listen, args=(which,), daemon=True) for which in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(heard) == number and all(one.first <= _SOON_SECONDS and not one.late for one in heard)


def _at_once(speech: Speech) -> tuple[float, float]:
    """Return the mean seconds to the first audio, and seconds of audio a second, of several requests at once."""
    begin = time.perf_counter()
    pool = ThreadPoolExecutor(_AT_ONCE)
    try:
        together = list(pool.map(lambda _: _speak(speech, TEXTS["a paragraph"]), range(2 * _AT_ONCE)))
    finally:
        # When the bench is stopped, texts still in the queue must not be spoken.
        pool.shutdown(wait=False, cancel_futures=True)
    seconds = time.perf_counter() - begin
    return statistics.mean(one.first for one in together), sum(one.audio for one in together) / seconds


def _speak(speech: Speech, text: str, *, at_playback_speed: bool = False) -> Spoken:
    """Speak a text, and read it at once or as a listener does. Raises as `Speech.speak`."""
    begin = time.perf_counter()
    reply = speech.speak(SpeechRequest(text=text, response_format="pcm", use_cache=False), listener="bench")
    first = time.perf_counter() - begin
    size, late, heard_from = 0, 0.0, begin + first
    a_second = 2 * reply.sample_rate
    for piece in reply:
        if at_playback_speed:
            gap = time.perf_counter() - heard_from - size / a_second
            late += max(0.0, gap) if size else 0.0
            heard_from += max(0.0, gap)
            # Half a second is in the player.
            time.sleep(max(0.0, -gap - 0.5))
        size += len(piece)
    reply.close()
    return Spoken(first, time.perf_counter() - begin, size / a_second, late)


def _told(before: str, what: str | None) -> str:
    return "" if what is None else before + what


def _warmth(now: dict[str, Any]) -> str:
    return "" if now["celsius"] is None else f", {now['celsius']} °C"
