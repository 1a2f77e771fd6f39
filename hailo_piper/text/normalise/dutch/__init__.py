"""Dutch has its rules here.

Modules, in import order: `words`, `rules`.
"""
