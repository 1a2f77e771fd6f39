"""Captions show a text as it is heard, in the files that players read.

Modules, in import order: `tokens`, `cues`, `formats`.
"""
