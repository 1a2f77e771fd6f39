"""Text becomes Sentences, whole or piece by piece.

Modules, in import order: `lazy_pattern`, `language_hint`, `manner`, `voice_choice`, `sentence`, `reading`, `clean`,
`found`, `emoji`, `maths`, `spot_markup`, `line_markup`, `markup`, `lexicon`, `normalise`, `language_detector`, `ssml`,
`abbreviations`, `boundaries`, `block`, `lines`, `splitter`, `places`, `recorded`, `marked_text`,
`taken`, `stream`.
"""
