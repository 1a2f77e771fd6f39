"""A private speech server: Piper voices over OpenAI's text-to-speech API."""

import os

__version__ = "1.0.0"
"""As pyproject.toml has it; asking the installed package would take a start 20 ms."""

# onnxruntime reports to its makers, from its first import on, unless this is set; children inherit it.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
