"""Each command has a file with its options and its action.

Modules, in import order: `bench`, `check_config`, `completion`, `explain`, `manual`, `prepare`, `say`, `batch`,
`read`, `lexicon`, `serve`, `verify`, `voices`.
"""
