"""German has its rules here.

Modules, in import order: `ordinals`, `dates`, `times`, `units`, `shortened`, `words`, `rules`.
"""
