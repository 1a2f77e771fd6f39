"""Hard text is written as it is spoken, by a small file of rules for each language.

Modules, in import order: `rule`, `numbers`, `continental`, `wording`, `english`, `german_ordinals`, `german_dates`,
`german_units`, `german_words`, `german`, `french`, `spanish`, `italian`, `portuguese`, `dutch`, `polish`, `verbaliser`.
"""
