"""Sound is measured, limited, resampled, stretched and encoded here.

Modules, in import order: `word`, `samples`, `loudness`, `resample`, `limiter`, `ffmpeg`, `treatment`, `joining`,
`g711`, `encoding`.
"""
