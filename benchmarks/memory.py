"""How much memory the worst accepted text takes, and how much of it comes back.

    python benchmarks/memory.py

Starts the service, speaks 5000 characters without punctuation five times in a row, then ten short texts, and prints
its resident memory at each step beside the bounds: peak below 700 MB, below 350 MB afterwards. Exits 1 over a bound.
"""

import json
import platform
import re
import subprocess
import sys
import urllib.request
from pathlib import Path

LONG = ("the quick brown fox jumps over the lazy dog and runs far away " * 100)[:5000]
SHORT = "A short request, number {}."


def speak(url: str, text: str) -> int:
    body = json.dumps({"input": text}).encode()
    request = urllib.request.Request(f"{url}/v1/audio/speech", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=600) as response:
        return len(response.read())


def megabytes(pid: int, field: str) -> float:
    found = re.search(rf"{field}:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    assert found
    return int(found[1]) / 1024


def main() -> int:
    command = [sys.executable, "-m", "hailo_piper", "serve", "--host", "127.0.0.1", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        try:
            assert server.stdout
            url = server.stdout.readline().split(" speaks on ")[1].split()[0]
            print(f"{platform.machine()}, Python {platform.python_version()}, resident memory in MB")
            print(f"ready                  {megabytes(server.pid, 'VmRSS'):6.0f}")
            for number in range(5):
                size = speak(url, LONG)
                print(
                    f"5000 characters, #{number + 1}    {megabytes(server.pid, 'VmRSS'):6.0f}"
                    f"   peak {megabytes(server.pid, 'VmHWM'):6.0f}   ({size / 44100:.0f} s of audio)"
                )
            for number in range(10):
                speak(url, SHORT.format(number))
            after, peak = megabytes(server.pid, "VmRSS"), megabytes(server.pid, "VmHWM")
        finally:
            server.terminate()
    print(f"after ten short texts  {after:6.0f}   peak {peak:6.0f}")
    held = peak < 700 and after < 350
    print("bounds hold" if held else "over the bounds: peak below 700, below 350 afterwards")
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
