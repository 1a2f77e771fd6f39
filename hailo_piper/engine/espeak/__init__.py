"""espeak-ng speaks by its own formants: any of its languages, at once, and plainly.

Modules, in import order: `model`, `speaker`.
"""
