"""A request becomes bytes here.

Modules, in import order: `plan`, `admission`, `spoken_sentences`, `spoken_text`, `pipeline`.
"""
