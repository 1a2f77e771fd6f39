"""Each command is a file: its name, its options and what it does.

Modules, in import order: `bench`, `check_config`, `completion`, `manual`, `prepare`, `say`, `serve`, `verify`,
`voices`.
"""
