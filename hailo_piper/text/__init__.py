"""Text becomes Sentences, whole or piece by piece.

Modules, in import order: `boundaries`, `splitter`, `stream`.
"""
