"""Prepares a Piper .onnx for streaming: three stages, optimised, cached on disk.

Only the preparing process, `python -m hailo_piper.graph`, imports onnx; nothing imported here does.
"""

from hailo_piper.graph.cache import StagedGraph, prepare, prepared, remove_entries
from hailo_piper.graph.errors import CannotCut, NotAVoice
from hailo_piper.graph.intact import is_written_to, looks, verify
from hailo_piper.graph.keys import model_sha256
from hailo_piper.graph.window import run_window

__all__ = [
    "CannotCut",
    "NotAVoice",
    "StagedGraph",
    "is_written_to",
    "looks",
    "model_sha256",
    "prepare",
    "prepared",
    "remove_entries",
    "run_window",
    "verify",
]
