"""Whether every dependency has a wheel for a Raspberry Pi: python -m tests.system.wheels.

Prints the wheels for arm64 and the Python of each suite; exits 1 where one is missing. Installs nothing.
"""

import json
import sys
import tempfile
from pathlib import Path

from tests.system import trees


def main() -> int:
    for suite, (python, _) in trees.SUITES.items():
        with tempfile.TemporaryDirectory() as directory:
            report = Path(directory) / "report.json"
            options = ["--dry-run", "--ignore-installed", f"--target={directory}", f"--report={report}"]
            try:
                trees.pip("install", suite, "aarch64", *options)
            except RuntimeError as error:
                print(error, file=sys.stderr)
                return 1
            chosen = json.loads(report.read_text())["install"]
        wheels = [item["download_info"]["url"].rpartition("/")[2] for item in chosen]
        print(f"Python {python}, {suite}, arm64: {len(wheels)} wheels")
        print("".join(f"  {wheel}\n" for wheel in sorted(wheels, key=str.lower)), end="")
        if not all(wheel.endswith(".whl") for wheel in wheels):
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
