"""German has its rules here.

Modules, in import order: `ordinals`, `dates`, `units`, `words`, `rules`.
"""
