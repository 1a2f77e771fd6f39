"""Hard text is written as it is spoken, by a small file of rules for each language.

Modules, in import order: `rule`, `numbers`, `electronic`, `english`, `german`, `french`, `spanish`, `italian`,
`portuguese`, `dutch`, `polish`, `verbaliser`.
"""
