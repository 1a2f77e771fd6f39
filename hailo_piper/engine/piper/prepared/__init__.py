"""A prepared voice is three stages on disk, which make any window of its sound.

Modules, in import order: `errors`, `window`, `carry`, `blocks`, `fingerprint`, `child`, `making`, `store`, `intact`.
"""
