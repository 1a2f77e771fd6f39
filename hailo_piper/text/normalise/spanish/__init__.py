"""Spanish has its rules here.

Modules, in import order: `numbers`, `units`, `words`, `rules`, `kinds`.
"""
