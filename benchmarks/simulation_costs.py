"""What each step of speaking costs on this machine, in processor time: what `simulation.py` plays with.

    python benchmarks/simulation_costs.py

Writes `simulation_costs.json` beside it. Encoder, flow and decoder are measured by the time of their one thread; what
a request costs beyond them (HTTP, level, rate, encoding) is the rest of a whole service's processor time.
"""

import http.client
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import machine
from load import serving
from servers import cpu_seconds
from texts import _SENTENCES

PATH = Path(__file__).with_suffix(".json")
ANNOUNCEMENTS = (
    "The washing machine has finished.",
    "Somebody is at the door.",
    "It is raining this evening.",
    "Dinner is ready, come down.",
    "The garage door stands open.",
)
"""As Home Assistant speaks: five words."""
POOL = (*(text for text in _SENTENCES if not any(map(str.isdigit, text))), *ANNOUNCEMENTS)
"""Every sentence that is spoken, in the simulation and in the real run, by its place here; none has figures."""
SIZES = (8, 12, 16, 24, 32, 48, 64, 96, 128, 192)
"""Frames of a window or of a block."""
ROUNDS = 15


def thread_ms(task: Any) -> float:
    """Median processor time of the calling thread."""
    times = []
    for _ in range(ROUNDS):
        started = time.thread_time()
        task()
        times.append((time.thread_time() - started) * 1e3)
    return round(statistics.median(times), 3)


def step_ms(unit: Any, size: int) -> tuple[float, float]:
    """Median processor time of this thread for a block of `size` frames within a unit, and for a window of as many."""
    done, blocks, windows = 0, [], []
    while (end := done + size) <= unit.frames:
        started = time.thread_time()
        unit.flow(done, end)
        blocks.append((time.thread_time() - started) * 1e3)
        done = end
    # The first block and window have nothing on their left, the last window nothing on its right.
    for start in range(size, done - unit.overlap - size, size):
        started = time.thread_time()
        unit.decode(start, start + size)
        windows.append((time.thread_time() - started) * 1e3)
    return round(statistics.median(blocks[1:]), 3), round(statistics.median(windows), 3)


def measure_engine() -> dict[str, Any]:
    """Encode, flow and decode by size, and the units of every sentence of the pool."""
    from hailo_piper.config.loading import parse_config
    from hailo_piper.default_voice import load_default_voice
    from hailo_piper.engine.model import Delivery
    from hailo_piper.text.sentence import Sentence
    from hailo_piper.text.splitter import split

    delivery = Delivery(length_scale=1.0, noise_scale=0.667, noise_w_scale=0.8, speaker_id=0)
    with ExitStack() as stack:
        engine = load_default_voice(parse_config({}), stack).engine
        engine.prepare()
        model, read = engine.speaker.model(delivery), engine.speaker.units
        encode, sentences, phonemize = [], [], []
        units: list[tuple[int, ...]] = []
        for text in POOL:
            sentence = next(iter(split(text)))
            assert isinstance(sentence, Sentence)
            started = time.perf_counter()
            units = list(read(sentence))
            phonemize.append((time.perf_counter() - started) * 1e3)
            sentences.append([[len(unit), model.encode(unit, delivery, is_alone=False).frames] for unit in units])
            encode += [
                [len(unit), thread_ms(lambda unit=unit: model.encode(unit, delivery, is_alone=False))] for unit in units
            ]
        ids = units[0] * (1 + 600 // len(units[0]))
        steps = [[size, *step_ms(model.encode(ids, delivery, is_alone=False), size)] for size in SIZES]
        flow = [[size, flow_ms] for size, flow_ms, _ in steps]
        decode = [[size, decode_ms] for size, _, decode_ms in steps]
        long = model.encode(ids, delivery, is_alone=False)
        rate = engine.voice.sample_rate
        return {
            "seconds_a_frame": long.samples_per_frame / rate,
            "overlap_frames": long.overlap,
            "phonemize_ms": round(statistics.median(phonemize), 3),
            "encode_ms": sorted(map(list, {row[0]: row[1] for row in encode}.items())),
            "flow_ms": flow,
            "decode_ms": decode,
            "sentences": sentences,
        }


def ask(port: int, text: str) -> float:
    """Have a text spoken; return the seconds of speech."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        body = json.dumps({"input": text, "response_format": "pcm"})
        connection.request("POST", "/v1/audio/speech", body, {"Content-Type": "application/json"})
        return len(connection.getresponse().read()) / 48_000


def measure_service() -> dict[str, float]:
    """The processor time of a whole service, its children included: of a request, and of a second of speech."""
    lone, several = POOL[-1], " ".join(POOL[:6])
    with serving() as (url, pid):
        port = int(url.rpartition(":")[2].strip("/"))
        for text in (lone, several) * 3:
            ask(port, text)
        rows = []
        for text, count in ((lone, 60), (several, 12)):
            before = cpu_seconds(pid)
            audio = sum(ask(port, text) for _ in range(count)) / count
            rows.append((audio, (cpu_seconds(pid) - before) / count))
    (short, short_cpu), (long, long_cpu) = rows
    return {
        "lone_audio_seconds": round(short, 3),
        "lone_cpu_ms": round(short_cpu * 1e3, 2),
        "six_audio_seconds": round(long, 3),
        "six_cpu_ms": round(long_cpu * 1e3, 2),
    }


def measure_start() -> dict[str, float]:
    """Seconds of the init container and of the service, from an empty cache to /ready."""
    with tempfile.TemporaryDirectory() as cache:
        environment = {**os.environ, "XDG_CACHE_HOME": cache}
        program = [sys.executable, "-P", "-m", "hailo_piper"]
        started = time.perf_counter()
        subprocess.run([*program, "prepare"], check=True, stderr=subprocess.DEVNULL, env=environment)
        prepared = time.perf_counter()
        serve = [*program, "serve", "--host", "127.0.0.1", "--port", "0"]
        with subprocess.Popen(serve, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment) as service:
            assert service.stdout
            service.stdout.readline()
            ready = time.perf_counter()
            service.terminate()
    return {"prepare_seconds": round(prepared - started, 2), "serve_seconds": round(ready - prepared, 2)}


def main() -> None:
    described = machine.describe()
    start, allowed = measure_start(), os.sched_getaffinity(0)
    # With one thread nothing spins between the encoder's steps, which would count as work.
    os.sched_setaffinity(0, {min(allowed)})
    service = measure_service()
    found = {"machine": described, "date": time.strftime("%Y-%m-%d"), **measure_engine(), **service, **start}
    lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(value)}" for name, value in found.items())
    PATH.write_text(f"{{\n{lines}\n}}\n", encoding="utf-8")
    print(PATH.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
