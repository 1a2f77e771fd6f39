"""Italian has its rules here.

Modules, in import order: `units`, `words`, `rules`, `kinds`.
"""
