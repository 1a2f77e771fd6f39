"""A chapter becomes SSML, which has its pauses and its languages."""

from xml.sax.saxutils import escape, quoteattr

from hailo_piper.jobs.books.book import Block, Chapter
from hailo_piper.text.lazy_pattern import lazily

HEADING_SECONDS = 1.2
"""Silence after a heading."""
SCENE_SECONDS = 1.8
"""Silence at a break between scenes."""
PARAGRAPH_SECONDS = 0.6
CHAPTER_SECONDS = 2.5
"""Silence between two chapters."""
_MOST_PAUSES = 250
"""Of one chapter: SSML bounds the pauses of a text by ten minutes. Beyond, there are those of paragraphs."""
_NOT_XML = lazily("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def ssml_of(chapter: Chapter, language: str | None) -> str:
    """Return a chapter as SSML. `language`: that of the book, in which no text is marked."""
    parts, pauses, after = list[str](), 0, 0.0
    for block in chapter.blocks:
        if block.kind == "break":
            after = max(after, SCENE_SECONDS)
            continue
        if after and parts and pauses < _MOST_PAUSES:
            parts.append(f'<break time="{after}s"/>')
            pauses += 1
        parts.append(f"<p>{_said(block, language)}</p>")
        after = HEADING_SECONDS if block.kind == "heading" else 0.0
    # Captions end a line where the text has one.
    return "<speak>{}</speak>".format("\n\n".join(parts))


def _said(block: Block, language: str | None) -> str:
    said = ""
    for run in block.runs:
        text = escape(valid(run.text))
        is_other = run.language is not None and _family(run.language) != _family(language)
        said += f"<lang xml:lang={quoteattr(str(run.language))}>{text}</lang>" if is_other else text
    return said


def valid(text: str) -> str:
    """Return a text with a blank for each character that XML cannot have."""
    return _NOT_XML.sub(" ", text)


def _family(language: str | None) -> str:
    return (language or "").replace("_", "-").partition("-")[0].lower()
