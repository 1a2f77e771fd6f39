"""A private speech server: Piper voices over OpenAI's text-to-speech API."""

__version__ = "0.1.0"
"""As pyproject.toml has it; asking the installed package would take a start 20 ms."""
