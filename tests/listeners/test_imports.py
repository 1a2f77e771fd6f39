"""Listeners import no engine: importing the HTTP error object or server loads neither onnxruntime nor piper."""

import subprocess
import sys

import pytest

from tests.support import ROOT

PACKAGE = ROOT / "hailo_piper"
SERVER = sorted(
    f"hailo_piper.listeners.http.server.{path.stem}" for path in PACKAGE.glob("listeners/http/server/[a-z]*.py")
)


def loaded_by(module: str) -> set[str]:
    """Every top-level package that a fresh Python holds after importing a module."""
    program = f"import {module}, sys; print(*{{name.partition('.')[0] for name in sys.modules}})"
    return set(
        subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout.split()
    )


def test_the_error_object_needs_neither_engine_nor_flask() -> None:
    loaded = loaded_by("hailo_piper.listeners.error_object")
    assert "hailo_piper" in loaded
    assert not loaded & {"onnxruntime", "piper", "numpy", "flask", "werkzeug", "waitress"}


@pytest.mark.parametrize("module", [*SERVER, "hailo_piper.listeners.dialect"])
def test_waitress_and_the_dialects_need_no_engine(module: str) -> None:
    assert not loaded_by(module) & {"onnxruntime", "piper", "flask"}


def test_a_start_does_not_wait_for_websockets() -> None:
    assert not loaded_by("hailo_piper.listeners.websocket.listener") & {"websockets", "onnxruntime", "flask"}
