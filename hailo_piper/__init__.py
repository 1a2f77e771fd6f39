"""A private speech server: Piper voices over OpenAI's text-to-speech API."""

__version__ = "0.1.0"
