"""The command line has one file for each command, beside the parts that commands share.

Modules, in import order: `exit_codes`, `standard_streams`, `interruption`, `parser`, `configuration`, `aliases`,
`bulk`, `program`, `tree`, `progress`, `standing`, `line_speaker`, `more_voices`, `release_voices`, `descriptors`,
`whole_file`,
`outputs`, `playback`, `text_input`, `measurement`, `comparison`, `start_checks`, `service_checks`, `commands`.
"""
