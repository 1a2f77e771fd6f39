"""A request becomes bytes here.

Modules, in import order: `request`, `plan`, `admission`, `spoken_sentences`, `spoken_text`, `reply`, `tally`,
`mastering`, `pipeline`, `explanation`.
"""
