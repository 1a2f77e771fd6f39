"""Voices are files on disk; this room finds, names, fetches and describes them.

Modules, in import order: `languages`, `genders`, `name_matching`, `speaker_mix`, `espeak_data`, `facts`, `voice`,
`engine_voice`, `espeak_voices`, `kokoro_voices`, `substitutes`, `strategy`, `real_time_factors`, `names`, `fitting`,
`directory`, `places`, `fetching`.
"""
