"""One process prepares a voice for streaming; it alone imports onnx.

Modules, in import order: `wiring`, `simplify`, `reach`, `trim`, `carry`, `pace`, `mixing`, `attention`, `spline`,
`encoder`, `cut`, `optimise`, `nchwc`, `nchwc_encoder`, `check`, `__main__`.
"""
