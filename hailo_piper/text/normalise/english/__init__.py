"""English has its rules here.

Modules, in import order: `numbers`, `calendar`, `times`, `money`, `units`, `figures`, `places`, `abbreviations`,
`romans`, `symbols`, `capitals`, `bible`, `pronunciations`, `rules`, `kinds`.
"""
