"""Voices are files on disk; this room finds, names, fetches and describes them.

Modules, in import order: `languages`, `genders`, `name_matching`, `espeak_data`, `facts`, `voice`,
`speaker_mix`, `names`, `directory`, `places`, `fetching`.
"""
