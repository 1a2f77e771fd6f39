"""`verify` checks that a service really speaks: its unit, its health and one synthesis."""

import array
import io
import json
import math
import shutil
import subprocess
import time
import urllib.error
import urllib.request
import wave
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

_TIMEOUT_SECONDS = 60
_TEXT = "The service is installed, and this is its voice."
_SHORTEST_SECONDS = 1.0
_QUIETEST = 100
"""Least root mean square of 16-bit samples; speech at -19 LUFS has about 3000."""
_LOG_LINES = 8
_LOG_SECONDS = 3


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of one check, with a line for a person."""

    is_good: bool
    text: str


def check_service(url: str, *, key: str = "", request_id: str = "verify") -> Iterator[Finding]:
    """Check a service at a URL: its health, then that a synthesis is speech. `key`: an API key, if it needs one."""
    yield _check("health", lambda: _health(url))
    headers = {"X-Request-Id": request_id, **({"Authorization": f"Bearer {key}"} if key else {})}
    yield _check("speech", lambda: _speech(url, headers))


def check_unit(unit: str) -> Finding:
    """Check that systemd says that the unit is active."""
    shown = _output("systemctl", "is-active", unit) or "unknown: there is no systemctl"
    return Finding(shown == "active", f"{unit} is {shown}")


def last_log_lines(unit: str, *, request_id: str) -> list[str]:
    """Return the unit's last lines in the journal; waits up to 3 s for those of this request."""
    deadline = time.monotonic() + _LOG_SECONDS
    while True:
        lines = _log_lines(unit)
        if any(request_id in line for line in lines) or time.monotonic() > deadline:
            return lines
        time.sleep(0.1)


def _log_lines(unit: str) -> list[str]:
    return _output("journalctl", "--unit", unit, "--lines", str(_LOG_LINES), "--no-pager", "--output=cat").splitlines()


def _check(name: str, check: Callable[[], str]) -> Finding:
    try:
        return Finding(is_good=True, text=f"{name}: {check()}")
    except urllib.error.HTTPError as error:
        with error:
            return Finding(is_good=False, text=f"{name}: {error.code} {error.read(2000).decode(errors='replace')}")
    except (OSError, ValueError, LookupError, TypeError) as error:
        return Finding(is_good=False, text=f"{name}: {error}")


def _health(url: str) -> str:
    answer = json.loads(_ask(f"{url}/health"))
    if answer["status"] != "healthy" or not answer["model_loaded"]:
        raise ValueError(f"the service says {answer}")
    return f"healthy, the voice is {answer['model_info']['model_path']}"


def _speech(url: str, headers: Mapping[str, str]) -> str:
    body = {"input": _TEXT, "response_format": "wav", "use_cache": False}
    answer = _ask(f"{url}/v1/audio/speech", body, headers)
    try:
        with wave.open(io.BytesIO(answer)) as file:
            rate, width, channels = file.getframerate(), file.getsampwidth(), file.getnchannels()
            pcm = file.readframes(file.getnframes())
    except (EOFError, wave.Error) as error:
        raise ValueError(f"the answer is no WAV, it begins with {answer[:12]!r}") from error
    if (width, channels) != (2, 1):
        raise ValueError(f"the WAV has {width * 8} bits and {channels} channels, not 16 and 1")
    samples = array.array("h", pcm[: len(pcm) // 2 * 2])
    seconds = len(samples) / rate
    loudness = math.sqrt(sum(sample * sample for sample in samples) / max(1, len(samples)))
    if seconds < _SHORTEST_SECONDS or loudness < _QUIETEST:
        raise ValueError(f"the WAV is no speech: {seconds:.2f} s, root mean square {loudness:.0f}")
    return f"{seconds:.1f} s of speech at {rate} Hz"


def _ask(url: str, body: object = None, headers: Mapping[str, str] | None = None) -> bytes:
    data = None if body is None else json.dumps(body).encode()
    headers = {"Content-Type": "application/json", **(headers or {})}
    request = urllib.request.Request(url, data, headers)  # noqa: S310 - the operator's own
    with urllib.request.urlopen(request, timeout=_TIMEOUT_SECONDS) as response:  # noqa: S310
        content: bytes = response.read()
        return content


def _output(*command: str) -> str:
    if shutil.which(command[0]) is None:
        return ""
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    return done.stdout.strip()
