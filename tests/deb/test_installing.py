"""The package in a fresh box, configured anew, and where no systemd runs."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.deb.conftest import INSTALL, PACKAGES, Installed
from tests.system import trees
from tests.system.box import Box
from tests.system.test_install import PROBE, YAML, main_pid, speak

LIBRARY = "/usr/lib/hailo-piper"
RECONFIGURE = "dpkg-reconfigure hailo-piper"
SECOND = "/etc/hailo/hailo-piper-kitchen.yaml"


def limits(box: Box, unit: str = "hailo-piper") -> list[str]:
    return box.get(f"systemctl show -P MemoryMax,CPUQuotaPerSecUSec {unit}").split()


def test_a_fresh_box_speaks(installed: Installed, box: Box) -> None:
    assert installed.done.status == 0
    assert "hailo-piper: " not in installed.done.output, "no warning"
    verified = box.run("hailo-piper verify")
    assert verified.status == 0, verified.output
    answer = speak(box, response_format="wav")
    assert (answer["status"], answer["head"]) == (200, b"RIFF".hex())
    assert 0.3 < float(answer["audio_seconds"]) < 2
    assert '"level": "ERROR"' not in box.journal()
    assert box.get("systemctl is-enabled hailo-piper") == "enabled"
    assert set(limits(box)) == {str(2 << 30), "800ms"}
    assert box.get(f"ps -o user= -p {main_pid(box)}") == "hailo-piper"


@pytest.mark.parametrize("response_format", ["mp3", "opus", "aac", "flac"])
def test_every_format_is_encoded(installed_once: Box, response_format: str) -> None:
    assert speak(installed_once, response_format=response_format)["status"] == 200


@pytest.mark.parametrize(
    ("path", "owner", "mode"),
    [
        (LIBRARY, "root:root", "755"),
        (f"{LIBRARY}/bin/hailo-piper", "root:root", "755"),
        (f"{LIBRARY}/render_config.py", "root:root", "644"),
        ("/etc/hailo/hailo-piper.yaml", "root:root", "644"),
        ("/etc/xdg/hailo-piper/hailo-piper.json", "root:root", "644"),
        ("/etc/systemd/system/hailo-piper.service.d/50-hailo-piper-limits.conf", "root:root", "644"),
        ("/usr/lib/systemd/system/hailo-piper.service", "root:root", "644"),
        ("/usr/lib/systemd/system/hailo-piper@.service", "root:root", "644"),
        ("/var/lib/hailo-piper", "hailo-piper:hailo-piper", "755"),
        ("/var/lib/hailo-piper/cache", "hailo-piper:hailo-piper", "755"),
        ("/var/lib/hailo-piper/models", "root:root", "755"),
        ("/usr/bin/hailo-piper", "root:root", "755"),
        ("/usr/share/bash-completion/completions/hailo-piper", "root:root", "644"),
        ("/usr/share/zsh/vendor-completions/_hailo-piper", "root:root", "644"),
        ("/usr/share/fish/vendor_completions.d/hailo-piper.fish", "root:root", "644"),
        ("/usr/share/man/man1/hailo-piper.1.gz", "root:root", "644"),
        ("/usr/share/doc/hailo-piper/copyright", "root:root", "644"),
    ],
)
def test_files_are_as_documented(installed_once: Box, path: str, owner: str, mode: str) -> None:
    assert installed_once.get(f"stat -L -c '%U:%G %a' {path}") == f"{owner} {mode}"


def test_the_package_owns_all_that_it_brought_but_bytecode(installed_once: Box) -> None:
    assert installed_once.get("dpkg --verify hailo-piper") == ""
    listed = f"find {LIBRARY} -type f ! -name '*.pyc' | sort > /tmp/there; dpkg -L hailo-piper | sort > /tmp/known"
    assert installed_once.get(f"{listed}; comm -23 /tmp/there /tmp/known") == ""


def test_bytecode_is_there_for_this_python(installed_once: Box) -> None:
    tag = installed_once.get("python3 -c 'import sys; print(sys.implementation.cache_tag)'")
    for package in ("shared/hailo_piper", "python3*/site-packages/numpy"):
        assert installed_once.get(f"ls {LIBRARY}/lib/{package}/__pycache__/__init__.{tag}.pyc").count("\n") == 0


def test_the_unit_is_sound_and_its_exposure_small(installed_once: Box) -> None:
    unit = "/usr/lib/systemd/system/hailo-piper.service"
    assert installed_once.get(f"systemd-analyze verify --man=no {unit}") == ""
    done = installed_once.run(f"systemd-analyze security --offline=yes --threshold=13 --no-pager {unit}")
    assert done.status == 0, done.output
    assert installed_once.run("grep -r '/opt\\|install\\.sh' /usr/lib/systemd/system/hailo-piper*").output == ""


def test_the_service_can_write_nothing_but_its_state(box: Box) -> None:
    box.write("/usr/local/bin/probe", PROBE.replace("/opt/hailo-piper/current/venv", LIBRARY))
    hook = "/run/systemd/system/hailo-piper.service.d/probe.conf"
    box.write(hook, "[Service]\nExecStartPost=/bin/sh /usr/local/bin/probe\n")
    box.get("systemctl daemon-reload && systemctl restart hailo-piper")
    journal = box.journal()
    assert "STATE" in journal
    assert "WROTE" not in journal
    assert "RAN" not in journal, "what the service writes must not be run"


def test_reconfiguring_brings_an_edit_into_force(box: Box) -> None:
    pid = main_pid(box)
    box.get(f"sed -i 's/memory_max: 2G/memory_max: 1G/; s/cpu_quota: 80%/cpu_quota: 150%/; s/: 5003/: 5010/' {YAML}")
    box.get(RECONFIGURE)
    assert set(limits(box)) == {str(1 << 30), "1.500000s"}
    assert main_pid(box) != pid
    answer = json.loads(box.get('python3 /checkout/tests/system/ask.py \'{"input": "Hello."}\' 5010 | tail -n 1'))
    assert answer["status"] == 200


def test_reconfiguring_refuses_mistakes_and_changes_nothing(box: Box) -> None:
    box.get(f"sed -i 's/port: 5003/port: many/; s/memory_max: 2G/memory_max: 1G/; s/^logging:/loging:/' {YAML}")
    pid, before = main_pid(box), limits(box)
    refused = box.run(RECONFIGURE)
    assert refused.status == 78
    assert "server.port: " in refused.output
    assert "unknown key 'loging'" in refused.output
    assert "Nothing was changed." in refused.output
    assert (main_pid(box), limits(box)) == (pid, before)
    assert speak(box)["status"] == 200


def test_an_instance_has_its_own_port_and_limits_and_stops_with_the_package(box: Box) -> None:
    box.get(f"sed 's/port: 5003/port: 5004/; s/cpu_quota: 80%/cpu_quota: 50%/' {YAML} > {SECOND}")
    box.get(RECONFIGURE)
    box.get("systemctl enable --now --quiet hailo-piper@kitchen")
    assert box.run("hailo-piper verify --url http://127.0.0.1:5004").status == 0
    assert "500ms" in limits(box, "hailo-piper@kitchen")
    pid = main_pid(box, "hailo-piper@kitchen")
    box.get(f"{INSTALL} /packages/newer.deb")
    assert main_pid(box, "hailo-piper@kitchen") not in (pid, "0"), "an upgrade restarts it"
    box.get("apt-get remove -y hailo-piper")
    assert box.run("systemctl is-active hailo-piper hailo-piper@kitchen").output.split() == ["inactive", "inactive"]
    box.get("apt-get purge -y hailo-piper")
    assert box.run("find /etc -name '*hailo-piper*'").output == ""


def test_a_python_that_debian_changes_gets_bytecode_and_a_restart(box: Box) -> None:
    pid = main_pid(box)
    box.get(f"find {LIBRARY} -name __pycache__ -prune -exec rm -rf {{}} +")
    box.get("DEBIAN_FRONTEND=noninteractive dpkg-reconfigure python3")
    assert box.get(f"ls {LIBRARY}/lib/shared/hailo_piper/__pycache__") != ""
    assert main_pid(box) not in (pid, "0")


def test_it_installs_where_no_systemd_runs_and_starts_at_the_next_boot(
    suite: str, boot: Callable[..., Box], packages: Path, workshop: Path
) -> None:
    layer, root, work = (workshop / f"{suite}-{name}" for name in ("chroot", "root", "work"))
    for path in (layer, root, work):
        path.mkdir()
    overlay = f"lowerdir={trees.tree(suite, packages=PACKAGES)},upperdir={layer},workdir={work}"
    script = f"""set -e
    mount -t overlay overlay -o {overlay} {root}
    cp {packages}/here.deb {root}/root/
    chroot {root} dpkg --install /root/here.deb
    rm {root}/root/here.deb"""
    command = ["unshare", "--mount", "--propagation=private", "sh", "-c", script]
    done = subprocess.run(
        command, env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    with boot(suite, layer) as box:
        box.wait_until("systemctl is-active hailo-piper")
        assert speak(box)["status"] == 200
        assert set(limits(box)) == {str(2 << 30), "800ms"}


def test_the_package_refuses_beside_install_sh(bare: Box) -> None:
    bare.get("mkdir -p /opt/hailo-piper/releases && ln -s releases/1 /opt/hailo-piper/current")
    refused = bare.run(f"{INSTALL} /packages/here.deb")
    assert refused.status != 0
    assert "sudo ./install.sh --uninstall" in refused.output
    assert bare.run("ls /usr/lib/hailo-piper /etc/hailo /usr/bin/hailo-piper").output.count("No such file") == 3
    assert bare.run("getent passwd hailo-piper").status == 2


@pytest.mark.parametrize("option", ["", "--reconfigure", "--uninstall", "--purge --yes"])
def test_install_sh_refuses_beside_the_package(installed_once: Box, option: str) -> None:
    pid = main_pid(installed_once)
    refused = installed_once.run(f"cd /checkout && ./install.sh {option}")
    assert refused.status == 1
    assert "sudo apt remove hailo-piper" in refused.output
    assert "Nothing was changed." in refused.output
    assert main_pid(installed_once) == pid
