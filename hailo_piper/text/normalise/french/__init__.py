"""French has its rules here.

Modules, in import order: `numbers`, `dates`, `units`, `words`, `rules`, `kinds`.
"""
