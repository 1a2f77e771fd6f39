"""Text becomes Sentences, whole or piece by piece.

Modules, in import order: `sentence`, `clean`, `abbreviations`, `boundaries`, `block`, `splitter`, `stream`,
`normalise`.
"""
