"""Piper's models turn phonemes into samples.

Modules, in import order: `prepared`, `models`, `whole_model`, `batched_model`, `calibration`, `preparing`,
`preparation`, `speaker`.
"""
