"""German has its rules here.

Modules, in import order: `ordinals`, `units`, `dates`, `times`, `shortened`, `words`, `rules`, `kinds`.
"""
