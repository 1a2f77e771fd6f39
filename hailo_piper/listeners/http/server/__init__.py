"""waitress serves the Flask app, with JSON errors and bounds of its own.

Modules, in import order: `long_bodies`, `parser`, `error_task`, `channel`, `handover`, `threads`, `listener`.
"""
