#!/usr/lib/hailo-piper/bin/python
"""The command: starts the program in the environment of the Debian package."""

import sys

from hailo_piper.__main__ import main

if __name__ == "__main__":
    sys.exit(main())
