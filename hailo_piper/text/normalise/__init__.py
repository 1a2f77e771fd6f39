"""Hard text is written as it is spoken, by a small file of rules for each language.

Modules, in import order: `rule`, `numbers`, `electronic`, `english_numbers`, `english_calendar`, `english_times`,
`english_money`, `english_units`, `english_figures`, `english_abbreviations`, `english_words`, `english`, `german`,
`french`, `spanish`, `italian`, `portuguese`, `dutch`, `polish`, `verbaliser`.
"""
