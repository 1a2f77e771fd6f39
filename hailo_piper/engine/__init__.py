"""The engine turns Sentences into AudioChunks, the most urgent first.

Modules, in import order: `words`, `model`, `windows`, `scheduler`, `playback`, `planned_unit`, `speaker_mixes`,
`piper`, `espeak`, `kokoro`, `manners`, `stream`, `timed_model`, `unit_durations`, `idle_memory`, `speaker_levels`,
`shared_parts`, `speakers`, `engine`, `memory_budget`, `voice_slots`, `preparation_queue`, `loaded_voices`,
`voice_removal`.
"""
