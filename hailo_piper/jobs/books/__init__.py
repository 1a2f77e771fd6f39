"""A book becomes one sound with chapters, which goes on at the sentence where it was stopped.

Modules, in import order: `book`, `events`, `blocks`, `chapters`, `archive`, `epub`, `files`, `chapter_text`,
`workplace`, `reading`, `outputs`, `overlay`, `spoken_epub`.
"""
