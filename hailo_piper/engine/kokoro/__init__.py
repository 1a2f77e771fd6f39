"""Kokoro speaks whole clauses by one graph, in the style of a speaker or of a mix.

Modules, in import order: `symbols`, `reading`, `styles`, `levels`, `model`, `speaker`.
"""
