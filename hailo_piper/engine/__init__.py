"""The engine turns Sentences into AudioChunks, the most urgent first.

Modules, in import order: `model`, `windows`, `scheduler`, `playback`, `planned_unit`, `piper`, `manners`,
`stream`, `timed_model`, `unit_durations`, `idle_memory`, `speaker_mixes`, `speaker_levels`, `shared_parts`, `engine`,
`memory_budget`, `voice_slots`, `preparation_queue`, `loaded_voices`, `voice_removal`.
"""
