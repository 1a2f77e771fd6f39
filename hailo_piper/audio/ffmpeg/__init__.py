"""FFmpeg's libraries encode compressed formats and change tempo without pitch, in process.

Modules, in import order: `ogg`, `encoders`, `audiobook`, `tempo`.
"""
