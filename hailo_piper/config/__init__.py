"""The operator's settings come from files, the environment and the schema's defaults.

Modules, in import order: `files`, `environment`, `settings`, `loading`.
"""
