"""espeak-ng reads and sounds texts for all engines, in processes of its own.

Modules, in import order: `pieces`, `process`, `child`, `espeak`.
"""
