"""Ray spreads the lines of a batch over machines that come and go.

Modules, in import order: `shared_directory`, `actors`, `run`.
"""
