"""Text becomes Sentences, whole or piece by piece.

Modules, in import order: `lazy_pattern`, `language_hint`, `manner`, `sentence`, `reading`, `clean`, `found`, `emoji`,
`maths`, `spot_markup`, `line_markup`, `markup`, `abbreviations`, `boundaries`, `block`, `lines`, `splitter`, `places`,
`stream`, `lexicon`, `normalise`.
"""
