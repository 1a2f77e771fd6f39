"""A prepared voice lies on disk as three stages that stream.

Modules, in import order: `errors`, `window`, `fingerprint`, `child`, `making`, `store`, `intact`.
"""
