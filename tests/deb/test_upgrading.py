"""The package from one version to the next, and away."""

import re
from collections.abc import Callable

from tests.deb.conftest import INSTALL, Installed
from tests.deb.test_installing import RECONFIGURE, SECOND
from tests.system.box import Box
from tests.system.test_install import YAML, main_pid, speak
from tests.system.test_upgrade import EVERYTHING

UPGRADE = f"{INSTALL} /packages/newer.deb"
MODEL = "/var/lib/hailo-piper/models/some.onnx"
VERSION = "dpkg-query --show --showformat '${Version}' hailo-piper"


def test_an_upgrade_keeps_an_edited_configuration(box: Box) -> None:
    pid = main_pid(box)
    kept = box.get(f"echo voice > {MODEL}; sed -i 's/volume: 1.0/volume: 0.9/' {YAML}; sha256sum {YAML} {MODEL}")
    box.get(UPGRADE)
    assert box.get(VERSION) == "9.9"
    assert box.get(f"sha256sum {YAML} {MODEL}") == kept
    assert main_pid(box) not in (pid, "0")
    assert speak(box)["status"] == 200


def test_an_upgrade_replaces_a_configuration_that_nobody_edited(box: Box) -> None:
    before = box.get(f"cat {YAML}")
    box.get(UPGRADE)
    after = box.get(f"cat {YAML}")
    assert after == before.replace("max_queue: ", "max_queue:  ") != before
    assert speak(box)["status"] == 200


def test_an_upgrade_with_a_mistake_in_the_configuration_warns_and_can_be_mended(box: Box) -> None:
    box.get(f"sed -i 's/port: 5003/port: many/' {YAML}")
    output = box.get(UPGRADE)
    assert "server.port: " in output
    assert "mend them, then: sudo dpkg-reconfigure hailo-piper" in output
    assert box.get("dpkg-query --show --showformat '${db:Status-Status}' hailo-piper") == "installed"
    assert box.get("systemctl show -P ExecMainStatus hailo-piper") == "78"
    assert "server.port: " in box.journal()
    box.get(f"sed -i 's/port: many/port: 5003/' {YAML} && {RECONFIGURE}")
    assert speak(box)["status"] == 200


def test_an_upgrade_leaves_a_disabled_service_alone(box: Box) -> None:
    box.get("systemctl disable --now --quiet hailo-piper")
    box.get(UPGRADE)
    assert box.run("systemctl is-enabled hailo-piper").output.strip() == "disabled"
    assert box.run("systemctl is-active hailo-piper").output.strip() == "inactive"


def test_removing_keeps_what_is_the_operators_and_installing_again_finds_it(box: Box) -> None:
    kept = box.get(f"echo voice > {MODEL}; sed -i 's/volume: 1.0/volume: 0.9/' {YAML}; sha256sum {YAML} {MODEL}")
    box.get("apt-get remove -y hailo-piper")
    assert box.run("systemctl status hailo-piper").status == 4, "the unit is unknown"
    assert box.run("find /etc/systemd -lname '*hailo-piper*'").output == "", "disabled"
    gone = box.run("ls -d /usr/lib/hailo-piper /usr/bin/hailo-piper /etc/xdg/hailo-piper /var/lib/hailo-piper/cache")
    assert gone.output.count("No such file") == 4
    assert box.get(f"sha256sum {YAML} {MODEL}") == kept
    box.get(f"{INSTALL} /packages/here.deb")
    assert box.get(f"sha256sum {YAML} {MODEL}") == kept
    assert speak(box)["status"] == 200
    assert box.get("systemctl is-enabled hailo-piper") == "enabled"


def test_a_disabled_service_stays_so_over_a_removal(box: Box) -> None:
    box.get("systemctl disable --now --quiet hailo-piper && apt-get remove -y hailo-piper")
    box.get(f"{INSTALL} /packages/here.deb")
    assert box.run("systemctl is-enabled hailo-piper").output.strip() == "disabled"


def test_a_purge_leaves_nothing(installed: Installed, boot: Callable[..., Box]) -> None:
    with boot(installed.suite) as fresh:
        before = fresh.get(EVERYTHING).splitlines()
    with boot(installed.suite, installed.layer) as box:
        box.wait_until("systemctl is-active hailo-piper")
        box.get(f"sed 's/port: 5003/port: 5004/' {YAML} > {SECOND}; {RECONFIGURE}; echo voice > {MODEL}")
        box.get("systemctl enable --now --quiet hailo-piper@kitchen")
        box.write("/etc/systemd/system/hailo-piper.service.d/override.conf", "[Service]\nNice=5\n")
        box.get("systemctl daemon-reload")
        assert speak(box)["status"] == 200
        output = box.get("apt-get purge -y hailo-piper")
        assert "warning" not in output.lower()
        after = box.get(EVERYTHING).splitlines()
        assert box.run("systemctl list-units --all --plain --no-legend 'hailo*'").output == ""
    # useradd's tools keep copies of what they change; the rest is apt's, debconf's and dpkg's (backups at midnight).
    other = re.compile(
        r"/etc/(passwd|group|shadow|gshadow)-|/etc/\.pwd\.lock|/var/(backups|lib/(apt|dpkg)|cache/(apt|debconf))/.*"
    )
    assert [line for line in sorted(set(after) - set(before)) if not other.fullmatch(line)] == []
    assert [line for line in sorted(set(before) - set(after)) if not other.fullmatch(line)] == []
