"""Sound is made louder, limited, resampled and encoded here.

Modules, in import order: `samples`, `limiter`, `ffmpeg`, `encoding`.
"""
