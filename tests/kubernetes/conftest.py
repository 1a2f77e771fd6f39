"""The manifests of deploy/kubernetes, as kubectl builds them; run by `make k8s-check`."""

import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support import ROOT

KUBERNETES = ROOT / "deploy" / "kubernetes"
BUILDS = (
    "base",
    "batch",
    "voices",
    *sorted(f"overlays/{path.parent.name}" for path in KUBERNETES.glob("overlays/*/kustomization.yaml")),
)
"""What `kubectl apply --kustomize` takes; the components are in them, or in a build of the test's own."""

Manifest = dict[str, Any]


@cache
def build(directory: Path) -> list[Manifest]:
    """The objects of a kustomization; skips where kubectl is missing."""
    if not shutil.which("kubectl"):
        pytest.skip("kubectl is missing: it is on dl.k8s.io, or Debian trixie's package kubernetes-client")
    done = subprocess.run(["kubectl", "kustomize", str(directory)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "deprecated" not in done.stderr, done.stderr
    return list(yaml.safe_load_all(done.stdout))


def one(objects: list[Manifest], kind: str) -> Manifest:
    """The only object of this kind."""
    (found,) = [manifest for manifest in objects if manifest["kind"] == kind]
    return found


def pod_of(objects: list[Manifest]) -> Manifest:
    """What the Deployment says of its pods."""
    pod: Manifest = one(objects, "Deployment")["spec"]["template"]["spec"]
    return pod
