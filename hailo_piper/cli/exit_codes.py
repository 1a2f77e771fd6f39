"""How a command ends: the exit codes of the command line."""

FAILED = 1
USAGE = 2
UNAVAILABLE = 69
"""sysexits: the port cannot be taken."""
CONFIG = 78
"""sysexits: nothing but an edited configuration can help, so systemd must not try again."""
