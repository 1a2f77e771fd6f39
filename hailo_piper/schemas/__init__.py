"""JSON Schemas describe what JSON may hold; the checker holds values to them.

Modules, in import order: `checker`.
"""
