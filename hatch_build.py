"""Adds the man page and the completions of shells to the wheel, as the program itself prints them.

They come from its own parser, which needs nothing but Python, so a build installs none of the dependencies.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PAGES = {
    "share/man/man1/hailo-piper.1": ["manual"],
    "share/bash-completion/completions/hailo-piper": ["completion", "bash"],
    "share/fish/vendor_completions.d/hailo-piper.fish": ["completion", "fish"],
    "share/zsh/site-functions/_hailo-piper": ["completion", "zsh"],
}
"""Where man and shells look below a prefix, and the command that prints what they find there."""


class Pages(BuildHookInterface):  # type: ignore[misc]  # only the builder's environment has it
    """The pages, from their making to the end of the build."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - every kind of wheel has them
        """Print each page into a file, and name it in `build_data`."""
        self._directory = tempfile.TemporaryDirectory()
        for place, words in PAGES.items():
            page = Path(self._directory.name) / Path(place).name
            with page.open("wb") as file:
                subprocess.run(
                    [sys.executable, "-S", "-B", "-m", "hailo_piper", *words], check=True, stdout=file, cwd=self.root,
                    env={**os.environ, "PYTHONPATH": ""},
                )  # fmt: skip
            build_data["shared_data"][str(page)] = place

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002
        """Remove the files."""
        self._directory.cleanup()
