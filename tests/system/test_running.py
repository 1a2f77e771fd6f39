"""What keeps the service alive, what holds it back, and what its sandbox allows; Must show 3, 4, 5."""

import json
from contextlib import ExitStack

from hailo_piper.audio.encoding import ENCODERS
from tests.system.box import Box
from tests.system.conftest import ONE_SUITE
from tests.system.test_install import ASK, main_pid, speak

MAGIC = {"wav": (b"RIFF",), "mp3": (b"ID3", b"\xff"), "opus": (b"OggS",), "aac": (b"\xff",), "flac": (b"fLaC",)}
INFERENCE = "/opt/hailo-piper/current/venv/lib/python3*/site-packages/hailo_piper/engine/piper/models.py"
HANG = f"""sed -i '/def decode(self, start/a\\        import os, time\\n\\
        while os.path.exists("/run/hang"): time.sleep(0.01)' {INFERENCE}"""
"""The hook is in this box's own copy: an inference that does not end while /run/hang exists."""

DROP_IN = "/run/systemd/system/hailo-piper.service.d/test.conf"


def override(box: Box, *lines: str) -> None:
    box.write(DROP_IN, "\n".join(["[Service]", *lines, ""]))
    box.get("systemctl daemon-reload && systemctl restart hailo-piper")


def test_a_killed_service_is_back_and_speaks_within_10_seconds(box: Box) -> None:
    pid = main_pid(box)
    box.get(f"kill -9 {pid}")
    assert box.wait_until("hailo-piper verify >/dev/null", seconds=10) < 10
    assert main_pid(box) not in (pid, "0")


def test_a_hung_engine_trips_the_watchdog(box: Box) -> None:
    box.get(HANG)
    override(box, "WatchdogSec=4", "RestartSec=1")
    pid = main_pid(box)
    box.get("touch /run/hang")
    with box.running(f'{ASK} \'{{"input": "Hello."}}\''):
        box.wait_until("journalctl -u hailo-piper | grep -q 'Watchdog timeout'", seconds=20)
    box.get("rm /run/hang")
    assert box.wait_until("hailo-piper verify >/dev/null", seconds=10) < 10
    assert main_pid(box) != pid
    assert "in decode" in box.journal(), "the journal shows where every thread stood"


@ONE_SUITE
def test_a_hung_engine_is_found_without_a_request(box: Box) -> None:
    box.get(HANG)
    override(box, "WatchdogSec=2", "RestartSec=1")
    box.get("touch /run/hang")
    box.wait_until("journalctl -u hailo-piper | grep -q 'Watchdog timeout'", seconds=20)
    box.get("rm /run/hang")
    assert box.wait_until("hailo-piper verify >/dev/null", seconds=10) < 10


@ONE_SUITE
def test_a_busy_engine_does_not_trip_the_watchdog(box: Box) -> None:
    override(box, "WatchdogSec=2", "CPUQuota=40%")
    pid = main_pid(box)
    texts = [json.dumps({"input": f"{number} sentences that wait for their turn. " * 8}) for number in range(4)]
    with ExitStack() as stack:
        asking = [stack.enter_context(box.running(f"{ASK} '{text}'")) for text in texts]
        answers = [json.loads(process.communicate(timeout=100)[0].splitlines()[-1]) for process in asking]
    assert [answer["status"] for answer in answers] == [200] * 4
    assert max(answer["seconds"] for answer in answers) > 4, "it was not busy for longer than the watchdog waits"
    assert main_pid(box) == pid


def test_a_stopping_service_finishes_its_answer(box: Box) -> None:
    text = "This is the first sentence of a longer text. " * 20
    quiet = {"noise_scale": 0, "noise_w_scale": 0}
    whole = speak(box, text, **quiet)
    with box.running(f"{ASK} '{json.dumps({'input': text, **quiet})}'") as asking:
        assert asking.stdout
        assert asking.stdout.readline() == b"speaking\n"
        box.get("systemctl stop hailo-piper")
        answer = json.loads(asking.communicate(timeout=60)[0])
    assert (answer["status"], answer["size"]) == (200, whole["size"])
    assert box.get("systemctl show -P Result,ExecMainStatus hailo-piper").split() == ["success", "0"]


@ONE_SUITE
def test_a_taken_port_is_told_and_not_tried_for_ever(box: Box) -> None:
    box.get("systemctl stop hailo-piper")
    box.write(DROP_IN, "[Service]\nRestartSec=100ms\n")
    box.get("systemctl daemon-reload")
    with box.running("exec python3 -m http.server 5003"):
        box.wait_until("ss -Hltn 'sport = :5003' | grep -q .")
        assert box.run("systemctl start hailo-piper").status != 0
        box.wait_until("journalctl -u hailo-piper | grep -q 'Start request repeated too quickly'", seconds=60)
    assert box.get("systemctl show -P ExecMainStatus,SubState hailo-piper").split() == ["69", "failed"]
    assert 2 < box.journal().count("cannot listen on 0.0.0.0 port 5003: Address already in use") <= 10
    box.get("systemctl reset-failed hailo-piper && systemctl start hailo-piper")
    assert speak(box)["status"] == 200


def kernel_value(box: Box, *names: str) -> str:
    """From the service's own cgroup, by the file's name in version 2 or 1."""
    group = box.get("systemctl show -P ControlGroup hailo-piper")
    paths = " ".join(f"/sys/fs/cgroup{part}{group}/{name}" for name in names for part in ("", "/memory", "/cpu"))
    return box.get(f"cat $(ls {paths} 2>/dev/null | head -n 1)")


def test_the_limits_are_the_kernels(box: Box) -> None:
    assert kernel_value(box, "memory.max", "memory.limit_in_bytes") == str(2 << 30)
    quota = kernel_value(box, "cpu.max", "cpu.cfs_quota_us").split()
    assert int(quota[0]) / int(quota[1] if len(quota) > 1 else kernel_value(box, "cpu.cfs_period_us")) == 0.8


@ONE_SUITE
def test_a_long_text_without_punctuation_stays_far_from_the_limit(box: Box) -> None:
    override(box, "CPUQuota=")  # the same memory, in less time
    answer = speak(box, "word " * 999)
    assert answer["status"] == 200
    peak = int(kernel_value(box, "memory.peak", "memory.max_usage_in_bytes"))
    print(f"peak of the service: {peak >> 20} MB of 2048")
    assert peak < 700 << 20
    assert box.get("systemctl show -P NRestarts hailo-piper") == "0"


def test_speech_under_the_quota_is_faster_than_real_time(box: Box) -> None:
    answer = speak(box, "Under its quota the service still has to be faster than anyone can listen to it. " * 6)
    factor = float(answer["seconds"]) / float(answer["audio_seconds"])
    print(f"under 80 % of one processor: {factor:.3f} seconds for each second of speech")
    assert factor < 1


def test_systemd_finds_nothing_to_complain_of(box: Box) -> None:
    verified = box.run("systemd-analyze verify hailo-piper.service hailo-piper@kitchen.service")
    assert (verified.status, verified.output) == (0, "")
    judged = box.run("systemd-analyze security --threshold=13 --no-pager hailo-piper.service")
    assert judged.status == 0, judged.output


def test_every_format_speaks_in_the_sandbox(box: Box) -> None:
    for response_format in ENCODERS:
        answer = speak(box, response_format=response_format)
        assert answer["status"] == 200, answer
        head = bytes.fromhex(str(answer["head"]))
        assert head.startswith(MAGIC.get(response_format, (b"",))), (response_format, head)


def test_the_service_prepares_a_voice_in_its_own_sandbox(box: Box) -> None:
    box.get("systemctl stop hailo-piper && rm -rf /var/lib/hailo-piper/cache/* && systemctl start hailo-piper")
    box.wait_until("journalctl -u hailo-piper | grep -q 'the voice is prepared'", seconds=90)
    assert '"level": "WARNING"' not in box.journal()
    assert box.get("stat -c %U:%a /var/lib/hailo-piper/cache/hailo-piper/*/manifest.json") == "hailo-piper:644"
    box.get("systemctl restart hailo-piper")
    assert speak(box)["status"] == 200


@ONE_SUITE
def test_wyoming_speaks_and_is_announced_from_the_sandbox(box: Box) -> None:
    box.get(
        "sed -i '/^wyoming:/,/^# Limits/ {s/enabled: false/enabled: true/; s/host: 0.0.0.0/host: 127.0.0.1/}' "
        "/etc/hailo/hailo-piper.yaml && systemctl restart hailo-piper"
    )
    asked = """{"type": "describe"}\\n{"type": "synthesize", "data": {"text": "Hello."}}\\n"""
    script = (
        "import socket; connection = socket.create_connection(('127.0.0.1', 10200), timeout=60); "
        f"connection.sendall(b'{asked}'); received = b''\n"
        "while b'audio-stop' not in received: received += connection.recv(65536)\n"
        "print(b'en_US-joe-medium' in received, len(received) > 20000)"
    )
    box.write("/tmp/ask.py", script)
    assert box.get("python3 /tmp/ask.py").split() == ["True", "True"]
    box.wait_until("journalctl -u hailo-piper | grep -q 'announced by zeroconf'", seconds=20)
