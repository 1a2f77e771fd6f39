"""A lexicon says how single words are pronounced, skipped or refused.

Modules, in import order: `alphabets`, `pronunciation`, `matcher`, `plain_file`, `pls_file`, `additions`,
`directory`, `places`.
"""
