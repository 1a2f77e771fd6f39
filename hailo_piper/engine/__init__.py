"""The engine turns Sentences into AudioChunks, the most urgent first.

Modules, in import order: `words`, `model`, `windows`, `scheduler`, `speaking_costs`, `playback`, `planned_unit`,
`made_windows`, `speaker_mixes`, `sessions`, `whole_unit`, `whole_graph`, `ready_speaker`, `espeak_ng`, `phonemes`,
`piper`, `espeak`, `kokoro`, `manners`, `stream`, `timed_model`, `unit_durations`, `idle_memory`, `speaker_levels`,
`shared_parts`, `speakers`, `engine`, `memory_budget`, `voice_slots`, `preparation_queue`, `loaded_voices`,
`voice_removal`, `dnsmos`.
"""
