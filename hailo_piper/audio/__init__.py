"""Sound is made louder, limited, resampled and encoded here.

Modules, in import order: `samples`, `loudness`, `resample`, `limiter`, `ffmpeg`, `encoding`.
"""
