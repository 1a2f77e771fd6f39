"""SSML becomes plain text, with the voice, manner and pauses that stand beside it.

Modules, in import order: `fault`, `events`, `measures`, `gate`, `plain_text`, `replaced`, `wishes`, `timed`,
`elements`, `faults_of_xml`, `reader`, `bare`.
"""
