"""What is in the image, and what is not."""

import json
from pathlib import Path
from typing import Any

import pytest

from hailo_piper import __version__
from tests.container.podman import CONTAINER, run
from tests.support import ROOT

MOST_BYTES = 455_000_000
MOST_CONTEXT_BYTES = 3_500_000


@pytest.fixture(scope="module")
def about(image: str) -> Any:
    return json.loads(run("podman", "image", "inspect", image))[0]


def test_the_image_is_small(about: Any) -> None:
    assert about["Size"] <= MOST_BYTES


def test_the_context_is_small(image: str, tmp_path: Path) -> None:  # noqa: ARG001 - podman is set up
    probe = tmp_path / "Containerfile"
    probe.write_text("FROM scratch\nCOPY . /\n")
    ignore = f"--ignorefile={CONTAINER / 'Containerfile.dockerignore'}"
    identifier = run("buildah", "bud", "--quiet", "--pull-never", ignore, f"--file={probe}", ROOT).splitlines()[-1]
    try:
        assert 0 < int(run("podman", "image", "inspect", identifier, "--format", "{{.Size}}")) <= MOST_CONTEXT_BYTES
    finally:
        run("podman", "rmi", identifier)


def test_the_image_says_how_it_runs(about: Any) -> None:
    config = about["Config"]
    assert config["User"] == "10001:10001"
    assert set(config["ExposedPorts"]) == {"5003/tcp", "10200/tcp"}
    assert set(config["Volumes"]) == {"/var/lib/hailo-piper/models", "/var/cache/hailo-piper"}
    assert (config["Entrypoint"], config["Cmd"]) == (["tini", "--", "hailo-piper"], ["serve"])
    assert about["Healthcheck"]["Test"][-1].endswith("live.py")
    labels = {name.removeprefix("org.opencontainers.image."): value for name, value in config["Labels"].items()}
    assert labels["version"] == __version__
    assert {"title", "description", "licenses", "revision"} <= set(labels)


def test_the_image_has_neither_a_compiler_nor_pip_nor_a_prepared_voice(image: str) -> None:
    words = "for p in pip pip3 gcc cc make; do command -v $p; done; ls -A /var/lib/apt/lists /var/cache/hailo-piper"
    said = run("podman", "run", "--rm", "--network=none", "--entrypoint=sh", image, "-c", words, check=False)
    assert said.split() == ["/var/cache/hailo-piper:", "/var/lib/apt/lists:"]
    imported = run(
        "podman", "run", "--rm", "--network=none", "--entrypoint=python3", image, "-c",
        "import importlib.util as u; print([n for n in ('pip', 'setuptools', 'pytest') if u.find_spec(n)])",
    )  # fmt: skip
    assert imported == "[]"
