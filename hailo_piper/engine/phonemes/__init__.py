"""Sentences become phonemes here, by espeak-ng, for every engine that speaks from them.

Modules, in import order: `articulation`, `inventories`, `known_sounds`, `accents`, `foreign`, `given_phonemes`,
`spoken_words`, `foreign_spans`, `units`, `phonemes`.
"""
