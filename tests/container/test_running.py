"""The container that compose.yaml starts, without any network but loopback."""

import itertools
import json
import math
import subprocess
import time
from array import array
from collections.abc import Callable
from typing import Any

import pytest
import yaml

from tests.container.conftest import Project
from tests.container.podman import COMPOSE, Running, run
from tests.support.client import wait_until, wav_of

SERVICES = yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))["services"]
GIVEN = SERVICES["hailo-piper"]
DRAIN_SECONDS, STOP_SECONDS = 5, 30
"""As the image's environment says."""
CLOSING_SECONDS = 15
"""How long hailo_piper.server may then take to close."""

SPEECH = "/v1/audio/speech"
TEXT = "The birch canoe slid on the smooth planks."
LONG = " ".join([TEXT] * 40)
HARDENED = (
    "--read-only", "--read-only-tmpfs=false", "--tmpfs=/tmp:size=64m,mode=1777", "--cap-drop=all",
    "--security-opt=no-new-privileges", "--pids-limit=512", "--memory=512m", "--memory-swap=512m",
)  # fmt: skip
"""What compose.yaml says, for `podman run`."""


def loudness(wav: bytes) -> float:
    """Root mean square of a WAV's samples, 0 to 1."""
    samples = array("h", wav_of(wav)[1])
    return math.sqrt(sum(sample * sample for sample in samples) / len(samples)) / 32768


def status_of(container: Running) -> dict[str, str]:
    """What the kernel says of the program, which is tini's first child."""
    said = run(
        "podman", "exec", container.name, "sh", "-c", "set -- $(cat /proc/1/task/1/children); cat /proc/$1/status"
    )
    return {key: value.strip() for key, _, value in (line.partition(":") for line in said.splitlines())}


def test_the_service_speaks_without_any_network(service: Running) -> None:
    answer = service.ask("POST", SPEECH, {"input": TEXT, "response_format": "wav"})
    assert answer.status_code == 200
    assert loudness(answer.data) > 0.02
    devices = run("podman", "exec", service.name, "cat", "/proc/net/dev").splitlines()[2:]
    assert [line.partition(":")[0].strip() for line in devices] == ["lo"]


@pytest.mark.parametrize("response_format", ["mp3", "opus", "aac", "flac", "wav", "pcm"])
def test_every_format_is_spoken(service: Running, response_format: str) -> None:
    answer = service.ask("POST", SPEECH, {"input": TEXT, "response_format": response_format})
    assert answer.status_code == 200
    assert len(answer.data) > 5000


def test_the_program_has_no_rights_but_a_users(service: Running) -> None:
    status = status_of(service)
    assert (status["Uid"].split(), status["Gid"].split()) == (["10001"] * 4, ["10001"] * 4)
    assert {status[name] for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")} == {"0" * 16}
    assert status["NoNewPrivs"] == "1"


def test_the_values_of_the_compose_file_are_in_force(service: Running) -> None:
    host = json.loads(service.inspect("{{json .HostConfig}}"))
    assert host["ReadonlyRootfs"] is GIVEN["read_only"]
    # podman-compose does not hand memswap_limit on.
    assert (host["Memory"], GIVEN["mem_limit"], GIVEN["memswap_limit"]) == (512 << 20, "512m", "512m")
    assert host["PidsLimit"] == GIVEN["pids_limit"]
    # podman has two more of its own where the root is read-only; the service writes into none of them.
    assert set(host["Tmpfs"]) - {"/run", "/var/tmp"} == {line.partition(":")[0] for line in GIVEN["tmpfs"]}
    assert run("podman", "exec", service.name, "find", *host["Tmpfs"], "-type", "f", "-user", "10001") == ""
    assert service.inspect("{{.Config.User}}") == GIVEN["user"]
    mounted = {mount["Destination"] for mount in json.loads(service.inspect("{{json .Mounts}}"))}
    assert mounted == {volume.split(":")[1] for volume in GIVEN["volumes"]}
    assert run("podman", "exec", service.name, "sh", "-c", "ulimit -n") == str(GIVEN["ulimits"]["nofile"]["soft"])


def test_the_health_check_says_healthy(service: Running) -> None:
    assert service.health() == "healthy"


def test_the_health_check_fails_where_nobody_answers(start: Callable[..., Running]) -> None:
    idle = start("--entrypoint=tini", arguments=("--", "sleep", "600"), ready=False)
    assert idle.health() == "unhealthy"


def test_nothing_is_written_but_into_the_volumes_even_where_it_could_be(start: Callable[..., Running]) -> None:
    container = start("--memory=1g", "--tmpfs=/tmp:size=64m,mode=1777")
    wait_until(lambda: "the voice is prepared" in container.logs(), 120)
    assert container.ask("POST", SPEECH, {"input": TEXT}).status_code == 200
    # podman itself writes the container's names and its mounts' places.
    changed = {line.split()[1] for line in run("podman", "diff", container.name).splitlines()}
    assert changed <= {
        "/etc",
        "/etc/hosts",
        "/etc/hostname",
        "/etc/resolv.conf",
        "/etc/mtab",
        "/run",
        "/run/.containerenv",
    }
    assert run("podman", "exec", container.name, "ls", "-A", "/tmp") == ""


def test_a_first_start_without_a_prepared_voice_speaks_within_512_mb(start: Callable[..., Running]) -> None:
    container = start(*HARDENED)
    answer = container.ask("POST", SPEECH, {"input": TEXT, "response_format": "wav"})
    assert loudness(answer.data) > 0.02


def test_a_start_on_the_filled_volume_streams_at_once(project: Project) -> None:
    service = project.up()
    project.run("stop", "hailo-piper")
    service = project.up()
    assert service.ask("POST", SPEECH, {"input": TEXT}).status_code == 200
    last = itertools.dropwhile(lambda line: '"stopped"' not in line, service.logs().splitlines())
    assert "preparing the voice" not in "\n".join(last)
    first = [json.loads(line) for line in service.logs().splitlines() if '"first_audio_seconds"' in line][-1]
    assert first["first_audio_seconds"] < first["synthesis_seconds"]


def test_a_stop_drains_and_finishes_what_was_begun(service: Running) -> None:
    with (
        subprocess.Popen(service.in_network("watch", "/ready"), stdout=subprocess.PIPE, text=True) as watcher,
        subprocess.Popen(
            service.in_network("POST", SPEECH, json.dumps({"input": LONG})), stdout=subprocess.PIPE, text=True
        ) as client,
    ):
        assert watcher.stdout
        assert client.stdout
        assert json.loads(watcher.stdout.readline())["status"] == 200
        wait_until(lambda: bool(service.ask("GET", "/health").get_json()["speaking"]), 30)
        started = time.monotonic()
        run("podman", "stop", "--time", GIVEN["stop_grace_period"].rstrip("s"), service.name)
        seconds = time.monotonic() - started
        seen = [json.loads(line) for line in watcher.stdout]
        answer: Any = json.loads(client.stdout.read())
    assert seen == [{"status": 503, "connection": "close", "code": "draining"}]
    assert answer["status"] == 200
    assert service.inspect("{{.State.ExitCode}} {{.State.OOMKilled}}") == "0 false"
    assert DRAIN_SECONDS <= seconds < DRAIN_SECONDS + STOP_SECONDS
    assert int(GIVEN["stop_grace_period"].rstrip("s")) > DRAIN_SECONDS + STOP_SECONDS + CLOSING_SECONDS


def test_a_wrong_setting_ends_the_start_with_its_name(start: Callable[..., Running]) -> None:
    container = start("--env=HAILO_PIPER__SERVER__PROT=1", ready=False)
    assert run("podman", "wait", container.name) == "78"
    assert "HAILO_PIPER__SERVER__PORT" in container.logs()


def test_a_setting_comes_from_the_environment(start: Callable[..., Running]) -> None:
    container = start(*HARDENED, "--env=HAILO_PIPER__SYNTHESIS__MAX_TEXT_LENGTH=5")
    assert container.ask("POST", SPEECH, {"input": TEXT}).get_json()["error"]["code"] == "text_too_long"
