"""English has its rules here.

Modules, in import order: `numbers`, `calendar`, `times`, `money`, `units`, `figures`, `abbreviations`, `words`,
`pronunciations`, `rules`.
"""
