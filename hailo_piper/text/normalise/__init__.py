"""Hard text is written as it is spoken, by a small file of rules for each language.

Modules, in import order: `rule`, `numbers`, `electronic`, `context`, `continental`, `wording`, `romance_dates`,
`romance`, `english_numbers`, `english_calendar`, `english_times`, `english_money`, `english_units`, `english_figures`,
`english_abbreviations`, `english_words`, `english`, `german_ordinals`, `german_dates`, `german_units`, `german_words`,
`german`, `french_numbers`, `french_dates`, `french_units`, `french_words`, `french`, `spanish_numbers`,
`spanish_units`, `spanish_words`, `spanish`, `italian_units`, `italian_words`, `italian`, `portuguese_numbers`,
`portuguese_units`, `portuguese_words`, `portuguese`, `dutch_words`, `dutch`, `polish_ordinals`, `polish_dates`,
`polish_words`, `polish`, `verbaliser`.
"""
