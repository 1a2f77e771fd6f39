"""Piper's models run here: phonemes in, samples out.

Modules, in import order: `pieces`, `espeak_process`, `espeak_child`, `espeak`, `phonemes`, `prepared`, `models`,
`calibration`, `preparing`, `preparation`.
"""
