"""waitress serves the Flask app, with JSON errors and bounds of its own.

Modules, in import order: `parser`, `error_task`, `channel`, `handover`, `threads`, `listener`.
"""
