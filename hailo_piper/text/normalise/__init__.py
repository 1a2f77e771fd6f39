"""Hard text is written as it is spoken, by a folder of rules for each language.

Modules, in import order: `rule`, `numbers`, `electronic`, `context`, `patterns`, `continental`, `kinds`, `wording`,
`romance_dates`, `romance_fractions`, `romance_signs`, `romance`, `english`, `german`, `french`, `spanish`, `italian`,
`portuguese`, `dutch`, `polish`, `cldr`, `marked_up`, `verbaliser`, `given_dates`, `given_numbers`, `spelling`,
`say_as`.
"""
