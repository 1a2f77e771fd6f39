"""The operator's commands: verify, voices fetch."""

import argparse
import os
import sys
import threading
import time
from pathlib import Path
from typing import Any

from hailo_piper import exits
from hailo_piper.config import Config, default_path, load_config
from hailo_piper.errors import FetchError, VoiceNotFoundError
from hailo_piper.keys import read_keys

_UNIT = "hailo-piper"


def add_to(commands: Any, common: argparse.ArgumentParser) -> None:
    """Give the command line these commands. `common` has --config."""
    verify = commands.add_parser("verify", parents=[common], help="check that the installed service speaks")
    verify.add_argument("--url", help="a service elsewhere, and nothing of systemd")
    verify.add_argument("--key", default="", help="an API key; the installed service's own stand in its configuration")
    verify.add_argument("--unit", default=_UNIT, help="the systemd unit; %(default)s where it is left out")
    verify.set_defaults(command=_verify)

    voices = commands.add_parser("voices", help="fetch voices").add_subparsers(required=True, metavar="COMMAND")
    fetch = voices.add_parser("fetch", parents=[common], help="fetch a voice, checked by size and md5")
    fetch.add_argument("name", nargs="?", metavar="NAME", help="as the hub names it: en_US-lessac-medium")
    fetch.add_argument("--catalogue-url", metavar="URL", help="root of the hub, or one .onnx in a hub's layout")
    fetch.add_argument("--directory", type=Path, metavar="DIR", help="where to put it")
    fetch.set_defaults(command=_fetch)


def _verify(options: argparse.Namespace) -> int:
    # Here and below: a start of the service need not wait for what it does not do.
    from hailo_piper.checkup import check_service, check_unit, last_log_lines

    good, key, request_id = True, options.key, f"verify-{os.getpid()}"
    if options.url is None:
        config = load_config(options.config or default_path())
        if not key and config.server.api_keys_file:
            key = read_keys(Path(config.server.api_keys_file))[0]
        unit = check_unit(options.unit)
        _show(unit.is_good, unit.text)
        good = unit.is_good
    url = options.url.rstrip("/") if options.url else _own_url(config)
    for finding in check_service(url, key=key, request_id=request_id):
        _show(finding.is_good, finding.text)
        good = good and finding.is_good
    if options.url is None:
        lines = last_log_lines(options.unit, request_id=request_id)
        sys.stdout.write("last log lines:\n" + "".join(f"  {line}\n" for line in lines))
    return 0 if good else exits.FAILED


def _own_url(config: Config) -> str:
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(config.server.host, config.server.host)  # noqa: S104
    return f"http://{f'[{host}]' if ':' in host else host}:{config.server.port}"


def _show(good: bool, text: str) -> None:  # noqa: FBT001
    sys.stdout.write(f"{'ok  ' if good else 'FAIL'} {text}\n")
    sys.stdout.flush()


def _fetch(options: argparse.Namespace) -> int:
    from hailo_piper.catalogue import Catalogue, fetch_voice, root_of

    config = load_config(options.config or default_path())
    root_url, linked = root_of(options.catalogue_url or config.voices.catalogue_url)
    directory = options.directory or Path(config.voices.directory)
    name = options.name or linked
    if name is None:
        sys.stderr.write("hailo-piper: which voice? Give its NAME, or the address of its .onnx\n")
        return exits.USAGE
    try:
        voice = Catalogue.fetch(root_url).voice(name)
        fetched = fetch_voice(voice, directory, on_progress=_Bar(voice.id, voice.size_bytes).add)
    except VoiceNotFoundError as error:
        sys.stderr.write(f"hailo-piper: {error.message}\n")
        return exits.USAGE
    except FetchError as error:
        sys.stderr.write(f"hailo-piper: {name} could not be fetched: {error}\n")
        return exits.FAILED
    path = directory / f"{voice.id}.onnx"
    sys.stdout.write(f"{path}: {'fetched and checked' if fetched else 'was here already, whole and right'}\n")
    return 0


class _Bar:
    """How far a fetch is, where a terminal shows it."""

    def __init__(self, name: str, size_bytes: int) -> None:
        self._name = name
        self._size_bytes = size_bytes
        self._bytes = 0
        self._shown = 0.0
        self._watched = sys.stderr.isatty()
        self._lock = threading.Lock()

    def add(self, number: int) -> None:
        """Count bytes that came."""
        with self._lock:
            self._bytes += number
            done = self._bytes >= self._size_bytes
            if not self._watched or not (done or time.monotonic() > self._shown + 0.1):
                return
            self._shown = time.monotonic()
            sys.stderr.write(f"\r{self._name}: {self._bytes / 1e6:.1f} of {self._size_bytes / 1e6:.1f} MB ")
            sys.stderr.write("\n" if done else "")
            sys.stderr.flush()
