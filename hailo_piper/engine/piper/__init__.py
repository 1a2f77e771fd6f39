"""Piper's models turn phonemes into samples.

Modules, in import order: `pieces`, `espeak_process`, `espeak_child`, `espeak`, `given_phonemes`, `phonemes`,
`prepared`, `models`, `calibration`, `preparing`, `preparation`.
"""
