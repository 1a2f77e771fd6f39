"""The cache keeps sentences already spoken, and knows those being spoken.

Modules, in import order: `store`, `database`, `former`, `disk`, `in_progress`.
"""
