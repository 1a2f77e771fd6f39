"""Dutch has its rules here.

Modules, in import order: `numbers`, `dates`, `words`, `rules`, `kinds`.
"""
