"""Piper's models turn phonemes into samples.

Modules, in import order: `pieces`, `espeak_process`, `espeak_child`, `espeak`, `articulation`, `inventories`,
`known_sounds`, `accents`, `foreign`, `given_phonemes`, `spoken_words`, `foreign_spans`, `units`, `phonemes`,
`prepared`, `models`, `whole_graph`, `whole_model`, `batched_model`, `calibration`, `preparing`,
`preparation`, `speaker`.
"""
