"""From one version to the next, and away; Must show 7."""

from collections.abc import Callable

from tests.system.box import Box
from tests.system.conftest import ONE_SUITE, Installed
from tests.system.test_install import YAML, main_pid, speak

NEWER = """cp -r /checkout /root/newer && cd /root/newer && sed -i 's/^version = .*/version = "9.9"/' pyproject.toml"""
RELEASES = "ls /opt/hailo-piper/releases"
EVERYTHING = (
    "find / -xdev -regextype posix-extended -regex '/(proc|sys|run|dev|tmp|var/tmp|var/log)' -prune -o -print | sort;"
    "cat /etc/passwd /etc/group /etc/shadow /etc/gshadow"
)
FIRST_RELEASE_UNIT = """
[Unit]
After=network-online.target
[Service]
ExecStart=/opt/hailo-piper/venv/bin/python -m http.server 5003
User=hailo-piper
StateDirectory=hailo-piper
[Install]
WantedBy=multi-user.target
"""
pytestmark = ONE_SUITE


def test_a_newer_checkout_upgrades_and_keeps_what_is_the_operators(box: Box) -> None:
    model = "/var/lib/hailo-piper/models/some.onnx"
    kept = box.get(f"echo voice > {model}; sed -i 's/volume: 1.0/volume: 0.9/' {YAML}; sha256sum {YAML} {model}")
    old = box.get(RELEASES)
    output = box.get(f"{NEWER} && ./install.sh")
    assert "build /opt/hailo-piper/releases/9.9-" in output
    assert box.get(f"sha256sum {YAML} {model}") == kept
    new = box.get(RELEASES)
    assert (new.startswith("9.9-"), old in new.split()) == (True, False)
    assert new in box.get(f"readlink -f /proc/{main_pid(box)}/exe /usr/local/bin/hailo-piper")
    assert speak(box)["status"] == 200


def test_a_failing_pip_leaves_the_old_version_running(box: Box) -> None:
    before, pid = box.get(RELEASES), main_pid(box)
    failed = box.run(f"sed -i /find-links/d /etc/pip.conf && {NEWER} && ./install.sh")
    assert failed.status == 1
    assert "The release could not be built; the lines above say why. Nothing was changed." in failed.output
    assert (box.get(RELEASES), main_pid(box)) == (before, pid)
    assert speak(box)["status"] == 200


def test_a_version_that_does_not_speak_is_taken_back(box: Box) -> None:
    before = box.get(f"{RELEASES}; cat /etc/systemd/system/hailo-piper.service; readlink /opt/hailo-piper/current")
    dumb = "sed -i 's/    server = Server(config)/    raise SystemExit(1)/' hailo_piper/server.py"
    changed = "sed -i 's/^RestartSec=5/RestartSec=6/' systemd/hailo-piper.service"
    failed = box.run(f"{NEWER} && {dumb} && {changed} && ./install.sh")
    assert failed.status == 1
    assert "The new release does not speak here; the old one is back." in failed.output
    after = box.get(f"{RELEASES}; cat /etc/systemd/system/hailo-piper.service; readlink /opt/hailo-piper/current")
    assert after == before
    assert speak(box)["status"] == 200


def test_uninstalling_keeps_configuration_and_voices_and_purging_nothing(
    installed: Installed, boot: Callable[..., Box]
) -> None:
    with boot(installed.suite) as fresh:
        before = fresh.get(EVERYTHING).splitlines()
    with boot(installed.suite, installed.layer) as box:
        box.wait_until("systemctl is-active hailo-piper")
        model = "/var/lib/hailo-piper/models/some.onnx"
        kept = box.get(f"echo voice > {model}; sha256sum {YAML} {model}")
        box.get("cd /checkout && ./install.sh --uninstall")
        assert box.get(f"sha256sum {YAML} {model}") == kept
        assert box.run("systemctl status hailo-piper").status == 4, "the unit is unknown"
        gone = box.run("ls -d /opt/hailo-piper /usr/local/bin/hailo-piper /etc/xdg/hailo-piper")
        assert gone.output.count("No such file") == 3
        asked = box.run("cd /checkout && ./install.sh --purge")
        assert (asked.status, "say --yes" in asked.output) == (1, True)
        assert box.get(f"sha256sum {YAML} {model}") == kept
        box.get("cd /checkout && ./install.sh --purge --yes")
        after = box.get(EVERYTHING).splitlines()
    # useradd's tools keep a copy of each file they change.
    copies = {f"/etc/{name}-" for name in ("passwd", "group", "shadow", "gshadow")} | {"/etc/.pwd.lock"}
    assert sorted(set(after) - set(before) - copies) == []
    assert sorted(set(before) - set(after)) == []


def test_the_first_release_is_upgraded_and_a_missing_venv_is_installed(bare: Box) -> None:
    bare.get("useradd --system hailo-piper && mkdir -p /etc/hailo /etc/xdg/hailo-piper /var/lib/hailo-piper/models")
    bare.get("python3 -m venv --without-pip /opt/hailo-piper/venv")
    bare.write("/etc/systemd/system/hailo-piper.service", FIRST_RELEASE_UNIT)
    bare.write(YAML, "server: {host: 0.0.0.0, port: 5003, debug: false}\npiper: {volume: 0.8}\n")
    bare.write("/etc/xdg/hailo-piper/hailo-piper.json", '{"server": {"host": "0.0.0.0", "port": 5003}}')
    bare.get("systemctl enable --now --quiet hailo-piper")
    # As on a system without python3-venv, with an apt-get that knows where it is.
    bare.get("mv /usr/lib/python3.13/ensurepip /root/")
    bare.write(
        "/usr/local/bin/apt-get", '#!/bin/sh\necho "$@" > /root/asked\nmv /root/ensurepip /usr/lib/python3.13/\n'
    )
    kept = bare.get(f"chmod 755 /usr/local/bin/apt-get; sha256sum {YAML}")
    output = bare.get("cd /checkout && ./install.sh")
    assert "install python3-venv with apt-get" in output
    assert "python3-venv" in bare.get("cat /root/asked")
    assert bare.get(f"sha256sum {YAML}") == kept
    assert speak(bare)["status"] == 200
    assert bare.get(f"ps -o user= -p {main_pid(bare)}") == "hailo-piper"


def test_a_staged_tree_has_no_trace_of_where_it_was_staged(bare: Box) -> None:
    bare.get("useradd --create-home maker")
    staging = "cp -r /checkout /home/maker/checkout && chown -R maker /home/maker/checkout && cd /home/maker/checkout"
    output = bare.get(f"{staging} && runuser -u maker -- env DESTDIR=/home/maker/stage ./install.sh")
    assert "Staged in /home/maker/stage" in output
    assert bare.run("grep -rlF /home/maker/stage /home/maker/stage/opt /home/maker/stage/usr").output == ""
    bare.get("cp -r /home/maker/stage/. / && rm -rf /home/maker && systemd-sysusers && systemctl daemon-reload")
    bare.get("systemctl start hailo-piper")
    assert bare.run("hailo-piper verify").status == 0
    assert bare.get("systemctl show -P MemoryMax hailo-piper") == str(2 << 30)
    assert bare.get("readlink /usr/local/bin/hailo-piper") == "/opt/hailo-piper/current/venv/bin/hailo-piper"
