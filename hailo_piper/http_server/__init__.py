"""The HTTP listener: waitress, with JSON errors, bounded bodies and a stop that lets answers finish.

Modules, in import order: `parser`, `refusals`, `channel`, `threads`, `listener`.
"""
