"""Polish has its rules here.

Modules, in import order: `ordinals`, `dates`, `words`, `rules`, `kinds`.
"""
