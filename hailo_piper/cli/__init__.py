"""The command line has one file for each command.

Modules, in import order: `exit_codes`, `standard_streams`, `interruption`, `configuration`, `parser`, `program`,
`tree`, `progress`, `more_voices`, `outputs`, `playback`, `text_input`, `selftest`, `preflight`, `checkup`, `bench`,
`check_config`, `completion`, `manual`, `prepare`, `say`, `serve`, `verify`, `voices`.
"""
