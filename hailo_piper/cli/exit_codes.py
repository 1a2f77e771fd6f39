"""Every command ends with one of these exit codes, or with 128 + the number of a signal."""

FAILED = 1
USAGE = 2
UNAVAILABLE = 69
"""EX_UNAVAILABLE of sysexits.h: the port cannot be taken."""
CONFIG = 78
"""EX_CONFIG of sysexits.h: only an edited configuration can help, so systemd must not restart the service."""
