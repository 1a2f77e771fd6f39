"""A request becomes bytes here.

Modules, in import order: `request`, `casting`, `plan`, `tally`, `real_time`, `ticket`, `admission`, `place`,
`word_times`, `sources`, `spoken_sentences`, `mastering`, `script`, `spoken_text`, `unspoken_text`, `reply`,
`timed_encoder`, `captions`, `captioner`, `fallback`, `pipeline`, `quality_watch`, `explanation`.
"""
