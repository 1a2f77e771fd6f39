"""A request becomes bytes here.

Modules, in import order: `request`, `plan`, `admission`, `word_times`, `sources`, `spoken_sentences`,
`spoken_text`, `unspoken_text`, `reply`, `tally`, `timed_encoder`, `mastering`, `pipeline`, `explanation`, `captions`,
`captioner`.
"""
