"""install.sh in a fresh box, a second time, and with the operator's changes; Must show 1, 2."""

import json

import pytest

from tests.system.box import Box
from tests.system.conftest import INSTALL, Installed

ASK = "python3 /checkout/tests/system/ask.py"
YAML = "/etc/hailo/hailo-piper.yaml"
PROBE = """
for place in /etc /etc/hailo /etc/xdg/hailo-piper /opt/hailo-piper /opt/hailo-piper/current/venv/bin /usr/local /home \\
    /root /var/lib/hailo-piper/models; do
    touch $place/x 2>/dev/null && echo WROTE $place
done
cd /var/lib/hailo-piper && touch x && echo STATE
cp /bin/true true && chmod 700 true && ./true && echo RAN
exit 0
"""
LISTED = "/etc /opt /usr/local /var/lib/hailo-piper"
CHECKSUMS = (
    f"find {LISTED} -type f -exec sha256sum {{}} + | sort -k2; find {LISTED} -printf '%p %U:%G %m %T@ %l\\n' | sort"
)


def speak(box: Box, text: str = "Hello.", **fields: object) -> dict[str, float | str]:
    answer: dict[str, float | str] = json.loads(box.get(f"{ASK} '{json.dumps({'input': text, **fields})}' | tail -n 1"))
    return answer


def main_pid(box: Box, unit: str = "hailo-piper") -> str:
    return box.get(f"systemctl show -P MainPID {unit}")


def test_a_fresh_box_speaks(installed: Installed, box: Box) -> None:
    assert installed.done.status == 0
    assert "ok   hailo-piper is active" in installed.done.output
    assert "s of speech at 22050 Hz" in installed.done.output
    verified = box.run("hailo-piper verify")
    assert verified.status == 0, verified.output
    assert '"listener": "http"' in verified.output, "the request's own line is the last of the log"
    answer = speak(box, response_format="wav")
    assert (answer["status"], answer["head"]) == (200, b"RIFF".hex())
    assert 0.3 < float(answer["audio_seconds"]) < 2
    assert '"characters": 6' in box.journal()
    assert '"level": "ERROR"' not in box.journal()
    assert box.get("systemctl is-enabled hailo-piper") == "enabled"


@pytest.mark.parametrize(
    ("path", "owner", "mode"),
    [
        ("/opt/hailo-piper", "root:root", "755"),
        ("/opt/hailo-piper/current/venv/bin/hailo-piper", "root:root", "755"),
        ("/opt/hailo-piper/current/render_config.py", "root:root", "644"),
        ("/etc/hailo/hailo-piper.yaml", "root:root", "644"),
        ("/etc/xdg/hailo-piper/hailo-piper.json", "root:root", "644"),
        ("/etc/systemd/system/hailo-piper.service", "root:root", "644"),
        ("/etc/systemd/system/hailo-piper@.service", "root:root", "644"),
        ("/etc/systemd/system/hailo-piper.service.d/50-hailo-piper-limits.conf", "root:root", "644"),
        ("/var/lib/hailo-piper", "hailo-piper:hailo-piper", "755"),
        ("/var/lib/hailo-piper/cache", "hailo-piper:hailo-piper", "755"),
        ("/var/lib/hailo-piper/models", "root:root", "755"),
        ("/usr/local/bin/hailo-piper", "root:root", "755"),
        ("/usr/local/share/bash-completion/completions/hailo-piper", "root:root", "644"),
        ("/usr/local/share/zsh/site-functions/_hailo-piper", "root:root", "644"),
        ("/usr/local/share/fish/vendor_completions.d/hailo-piper.fish", "root:root", "644"),
        ("/usr/local/share/man/man1/hailo-piper.1", "root:root", "644"),
    ],
)
def test_files_are_as_documented(installed_once: Box, path: str, owner: str, mode: str) -> None:
    assert installed_once.get(f"stat -L -c '%U:%G %a' {path}") == f"{owner} {mode}"


def test_bash_completes_the_installed_command(installed_once: Box) -> None:
    asked = "COMP_WORDS=(hailo-piper s) COMP_CWORD=1; _hailo_piper; echo ${COMPREPLY[*]}"
    loaded = "source /usr/local/share/bash-completion/completions/hailo-piper"
    assert installed_once.get(f"bash -c '{loaded}; {asked}'") == "serve say"


def test_the_units_exposure_is_small(installed_once: Box) -> None:
    unit = "/etc/systemd/system/hailo-piper.service"
    done = installed_once.run(f"systemd-analyze security --offline=yes --threshold=13 --no-pager {unit}")
    assert done.status == 0, done.output


def test_the_service_can_write_nothing_but_its_state(box: Box) -> None:
    assert box.get(f"ps -o user= -p {main_pid(box)}") == "hailo-piper"
    # Run by systemd within the service's sandbox, as its user.
    box.write("/usr/local/bin/probe", PROBE)
    hook = "/run/systemd/system/hailo-piper.service.d/probe.conf"
    box.write(hook, "[Service]\nExecStartPost=/bin/sh /usr/local/bin/probe\n")
    box.get("systemctl daemon-reload && systemctl restart hailo-piper")
    journal = box.journal()
    assert "STATE" in journal
    assert "WROTE" not in journal
    assert "RAN" not in journal, "what the service writes must not be run"


def test_a_second_run_changes_nothing(box: Box) -> None:
    before, pid = box.get(CHECKSUMS), main_pid(box)
    again = box.get(INSTALL)
    assert "nothing to do" in again
    assert (box.get(CHECKSUMS), main_pid(box)) == (before, pid)


def test_an_edited_configuration_is_in_force_after_a_restart(box: Box) -> None:
    box.get(f"sed -i 's/port: 5003/port: 5010/; s/length_scale: 1.0/length_scale: 2.0/' {YAML}")
    usual = speak(box, "One two three four five.")
    box.get("systemctl restart hailo-piper")
    slow = json.loads(box.get(f'{ASK} \'{{"input": "One two three four five."}}\' 5010 | tail -n 1'))
    assert slow["audio_seconds"] > 1.5 * float(usual["audio_seconds"])
    assert box.run("hailo-piper verify").status == 0, "it finds the port in the configuration"


def test_a_broken_configuration_is_told_whole_and_not_tried_again(box: Box) -> None:
    box.get(f"sed -i 's/port: 5003/port: many/; s/volume: 1.0/volume: 99/; s/^logging:/loging:/' {YAML}")
    problems = ("server.port: ", "piper.volume: ", "unknown key 'loging'")
    before, pid = box.get(CHECKSUMS), main_pid(box)

    refused = box.run(INSTALL)
    assert refused.status == 78
    assert all(problem in refused.output for problem in problems), refused.output
    assert (box.get(CHECKSUMS), main_pid(box)) == (before, pid), "the installer touched something"

    assert box.run("systemctl restart hailo-piper").status != 0
    journal = box.journal()
    assert all(problem in journal for problem in problems), journal
    assert box.get("systemctl show -P ExecMainStatus hailo-piper") == "78"
    assert box.get("systemctl show -P SubState,NRestarts hailo-piper").split() == ["0", "failed"]

    box.get(f"cp /checkout/config/hailo-piper.yaml {YAML} && systemctl restart hailo-piper")
    assert speak(box)["status"] == 200


def test_reconfiguring_sets_the_limits_and_restarts_only_where_something_changed(box: Box) -> None:
    box.get(f"sed -i 's/memory_max: 2G/memory_max: 1G/; s/cpu_quota: 80%/cpu_quota: 150%/' {YAML}")
    pid = main_pid(box)
    output = box.get(f"{INSTALL} --reconfigure")
    assert "set the limits of hailo-piper" in output
    assert main_pid(box) != pid
    assert box.get("systemctl show -P MemoryMax hailo-piper") == str(1 << 30)
    assert float(box.get("systemctl show -P CPUQuotaPerSecUSec hailo-piper").removesuffix("s")) == 1.5
    pid = main_pid(box)
    assert "nothing to do" in box.get(f"{INSTALL} --reconfigure")
    assert main_pid(box) == pid


def test_a_second_instance_has_its_own_port_and_limits(box: Box) -> None:
    second = "/etc/hailo/hailo-piper-kitchen.yaml"
    box.get(f"sed 's/port: 5003/port: 5004/; s/cpu_quota: 80%/cpu_quota: 50%/' {YAML} > {second}")
    box.get(f"{INSTALL} --reconfigure")
    box.get("systemctl enable --now --quiet hailo-piper@kitchen")
    assert box.run("hailo-piper verify --url http://127.0.0.1:5004").status == 0
    assert box.get("systemctl show -P CPUQuotaPerSecUSec hailo-piper@kitchen") == "500ms"
    pids = main_pid(box), main_pid(box, "hailo-piper@kitchen")
    box.get(f"sed -i 's/volume: 1.0/volume: 0.5/' {second} && {INSTALL} --reconfigure")
    assert main_pid(box) == pids[0]
    assert main_pid(box, "hailo-piper@kitchen") != pids[1]
    box.get("cd /checkout && ./install.sh --uninstall")
    assert box.run("systemctl is-active hailo-piper hailo-piper@kitchen").output.split() == ["inactive", "inactive"]


def test_a_taken_port_stops_a_fresh_installation(bare: Box) -> None:
    with bare.running("exec python3 -m http.server 5003"):
        bare.wait_until("ss -Hltn 'sport = :5003' | grep -q .")
        refused = bare.run(INSTALL)
    assert refused.status == 1
    assert "cannot listen on 0.0.0.0 port 5003: Address already in use" in refused.output
    assert "Nothing was changed." in refused.output
