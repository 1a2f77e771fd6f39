"""Piper's models turn phonemes into samples.

Modules, in import order: `articulation`, `inventories`, `known_sounds`, `accents`, `foreign`, `given_phonemes`,
`spoken_words`, `foreign_spans`, `units`, `phonemes`, `prepared`, `models`, `whole_graph`, `whole_model`,
`batched_model`, `calibration`, `preparing`, `preparation`, `speaker`.
"""
