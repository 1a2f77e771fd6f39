"""The program runs as the manifests say, by their user, mounts, arguments and environment, and answers their probes."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from hailo_piper.config.loading import load_config
from tests.balancers.fleet import free_port
from tests.kubernetes.conftest import KUBERNETES, Manifest, build, one, pod_of
from tests.support import ROOT
from tests.support.client import assert_error, get, post, wait_until

AS_POD = ROOT / "tests" / "kubernetes" / "as_pod.sh"
PROBES = ("startupProbe", "readinessProbe", "livenessProbe")


def may_make_pods() -> bool:
    """Whether this user may mount what a pod has."""
    if os.geteuid() or not shutil.which("setpriv") or not shutil.which("unshare"):
        return False
    overlay = "mount -t overlay -o lowerdir=/etc,upperdir=/mnt/a,workdir=/mnt/b overlay /etc"
    trial = f"mount -t tmpfs tmpfs /mnt && mkdir /mnt/a /mnt/b && {overlay}"
    return subprocess.run(["unshare", "--mount", "sh", "-c", trial], capture_output=True, check=False).returncode == 0


class Pod:
    """A pod's containers, run one after the other on this machine."""

    def __init__(self, objects: list[Manifest], directory: Path) -> None:
        self._pod = pod_of(objects)
        self._volumes: dict[str, Path] = {}
        for volume in self._pod["volumes"]:
            self._volumes[volume["name"]] = path = directory / volume["name"]
            path.mkdir()
            if "configMap" in volume:
                for name, text in one(objects, "ConfigMap")["data"].items():
                    (path / name).write_text(text, encoding="utf-8")
            elif "emptyDir" in volume:
                # fsGroup does this, and anybody may write there.
                path.chmod(0o777)

    @property
    def server(self) -> dict[str, Any]:
        found: dict[str, Any] = self._pod["containers"][0]
        return found

    @property
    def prepare(self) -> dict[str, Any]:
        found: dict[str, Any] = self._pod["initContainers"][0]
        return found

    def volume(self, name: str) -> Path:
        return self._volumes[name]

    def _mounts(self, container: dict[str, Any]) -> Iterator[str]:
        # What lies in /tmp is mounted before /tmp hides it.
        for mount in sorted(container["volumeMounts"], key=lambda found: found["mountPath"] == "/tmp"):
            kind = "ro" if mount.get("readOnly") else "rw"
            yield f"{self._volumes[mount['name']]}:{mount['mountPath']}:{kind}"

    def environment(self, container: dict[str, Any]) -> dict[str, str]:
        own = {entry["name"]: entry["value"] for entry in container.get("env", ())}
        user = self._pod["securityContext"]
        pod = {"POD_UID": str(user["runAsUser"]), "POD_GID": str(user["runAsGroup"])}
        packages = [path.replace(sys.prefix, "/mnt/venv") for path in sys.path if path.endswith("site-packages")]
        modules = ":".join(["/mnt/checkout", *packages])
        here = {"PATH": os.environ["PATH"], "PYTHONPATH": modules, "PYTHONDONTWRITEBYTECODE": "1"}
        places = {"CHECKOUT": str(ROOT), "VENV": sys.prefix, "PYTHON": sys.base_prefix}
        return {**own, **pod, **here, **places, "MOUNTS": " ".join(self._mounts(container))}

    def command(self, arguments: Sequence[str]) -> list[str]:
        # The interpreter itself: a virtual environment's may be a link to where only root may look.
        python = f"/mnt/python/bin/python{sys.version_info.major}.{sys.version_info.minor}"
        return ["unshare", "--mount", str(AS_POD), python, "-P", "-m", "hailo_piper", *arguments]

    @contextmanager
    def serving(self, port: int) -> Iterator["subprocess.Popen[bytes]"]:
        environment = {**self.environment(self.server), "HAILO_PIPER__SERVER__PORT": str(port)}
        command = self.command([*self.server["args"], "--host", "127.0.0.1"])
        with subprocess.Popen(command, env=environment) as process:
            try:
                yield process
            finally:
                process.kill()


@pytest.fixture
def pod(tmp_path: Path) -> Pod:
    if not may_make_pods():
        pytest.skip("a pod's mounts want root, unshare, setpriv and an overlay")
    tmp_path.chmod(0o755)
    return Pod(build(KUBERNETES / "base"), tmp_path)


def answer_of(pod: Pod, probe: str, port: int) -> int | None:
    """The status that a probe's path has now."""
    request = pod.server[probe]["httpGet"]
    try:
        return get(port, request["path"]).status_code
    except OSError:
        return None


def test_a_pod_prepares_serves_drains_and_ends(pod: Pod) -> None:
    prepared = subprocess.run(
        pod.command(pod.prepare["args"]), env=pod.environment(pod.prepare), capture_output=True, text=True, check=False
    )
    assert prepared.returncode == 0, prepared.stderr
    assert list(pod.volume("cache").rglob("*.onnx"))
    port = free_port()
    with pod.serving(port) as process:
        started = pod.server["startupProbe"]
        patience = started["periodSeconds"] * started["failureThreshold"]
        wait_until(lambda: answer_of(pod, "startupProbe", port) == 200, timeout_seconds=patience)
        assert [answer_of(pod, probe, port) for probe in PROBES] == [200, 200, 200]
        status = Path(f"/proc/{process.pid}/status").read_text()
        facts = dict(line.split(":\t", 1) for line in status.splitlines())
        assert facts["Uid"].split() == ["10001"] * 4
        assert {int(facts[name], 16) for name in ("CapEff", "CapPrm", "CapBnd")} == {0}
        assert facts["NoNewPrivs"] == "1"
        assert post(port, "/v1/audio/speech", {"input": "Hello."}).status_code == 200
        process.terminate()
        wait_until(lambda: answer_of(pod, "readinessProbe", port) == 503)
        assert_error(get(port, "/ready"), 503, "draining", None)
        # Until the balancers know, it goes on.
        assert post(port, "/v1/audio/speech", {"input": "Hello."}).status_code == 200
        assert process.wait(timeout=30) == 0


def test_the_root_is_read_only(pod: Pod) -> None:
    command = [*pod.command([])[:3], "sh", "-c", "touch /var/lib/x || touch /etc/hailo/x || touch /mnt/x"]
    done = subprocess.run(command, env=pod.environment(pod.server), capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert done.stderr.count("Read-only file system") == 3, done.stderr


@pytest.mark.parametrize(("overlay", "name"), [("base", "http"), ("overlays/wyoming", "wyoming")])
def test_the_ports_are_those_that_the_program_has(overlay: str, name: str) -> None:
    config = load_config(None)
    defaults = {"http": config.server.port, "wyoming": config.wyoming.port}
    objects = build(KUBERNETES / overlay)
    ports = {port["name"]: port["containerPort"] for port in pod_of(objects)["containers"][0]["ports"]}
    assert ports[name] == defaults[name]
    served = {port["targetPort"]: port["port"] for port in one(objects, "Service")["spec"]["ports"]}
    assert served == ports
    (rule,) = one(objects, "NetworkPolicy")["spec"]["ingress"]
    assert {port["port"] for port in rule["ports"]} == set(ports)


def test_every_probe_asks_at_a_port_that_is_there() -> None:
    container = pod_of(build(KUBERNETES / "base"))["containers"][0]
    names = {port["name"] for port in container["ports"]}
    assert {container[probe]["httpGet"]["port"] for probe in PROBES} <= names
