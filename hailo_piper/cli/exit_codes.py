"""Every command ends with one of these exit codes, or with 128 + the number of a signal."""

FAILED = 1
USAGE = 2
LINES = 65
"""EX_DATAERR of sysexits.h: some lines cannot be spoken as they stand; all others are."""
UNAVAILABLE = 69
"""EX_UNAVAILABLE of sysexits.h: the port cannot be taken."""
OUTPUT = 74
"""EX_IOERR of sysexits.h: no more files can be written, as on a full disk."""
CONFIG = 78
"""EX_CONFIG of sysexits.h: only an edited configuration can help, so systemd must not restart the service."""
