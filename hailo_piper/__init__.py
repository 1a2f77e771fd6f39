"""A private speech server: Piper voices over OpenAI's text-to-speech API."""

from importlib.metadata import version

__version__ = version("hailo-piper")
