"""A request becomes bytes here.

Modules, in import order: `request`, `plan`, `admission`, `place`, `word_times`, `sources`,
`spoken_sentences`, `spoken_text`, `unspoken_text`, `reply`, `tally`, `timed_encoder`, `mastering`, `captions`,
`captioner`, `pipeline`, `explanation`.
"""
