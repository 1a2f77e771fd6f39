"""Emoji, smileys and hearts are found in a text; espeak-ng has the names of emoji."""

import re

from hailo_piper.text.found import Found
from hailo_piper.text.lazy_pattern import lazily

EMOJI_CHARACTERS = (
    "\u231a\u231b\u2328\u23cf\u23e9-\u23f3\u23f8-\u23fa\u2600-\u266c\u2670-\u2775\u2794-\u27bf\u2b05-\u2b55\ufe0f\u200d\u20e3"
    "\U0001f000-\U0001faff\U000e0020-\U000e007f"
)
EMOJI = lazily(f"[{EMOJI_CHARACTERS}]")
_MODIFIER = lazily("[\ufe0f\u200d\u20e3\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]")
"""Signs that colour or join emoji: with them espeak-ng reads half a name, or none."""
_REGIONAL = lazily("[\U0001f1e6-\U0001f1ff]")
"""Letters of which two are a flag."""
_FLAG = lazily("[\U0001f1e6-\U0001f1ff]{2}")
_HEART = lazily(r"<3+(?=\s*(?:\Z|[^\w\s%.,]|[.,](?!\d)|[A-ZÀ-ÖØ-Þ])|\n)")
_PERHAPS_HEART = lazily(r"<3*\s*[.,]?\Z")
# A kiss has a nose here: ":*" ends "**Résumé :**".
_SMILEY = lazily(r"[:;](?:[-'’^][*]|[-'’^]?[()DPp|/\\oO])[()DPp|/\\*oO]{0,8}(?=[\s.,!?]|\Z)")
_LONGEST_SMILEY = 11
_STARS = frozenset("★⭐")
"""Behind a figure they count: a 5★ hotel."""


def read_emoji(text: str, at: int, before: str, *, is_whole: bool) -> Found | None:
    """Leave out the emoji at an index; two letters of a flag are one."""
    if text[at] in _STARS and before.isdigit():
        return Found(at + 1, "★")
    if at + 1 == len(text) and not is_whole and _REGIONAL.match(text[at]):
        return None
    end = at + 1 + bool(_FLAG.match(text, at))
    is_after_blank = before.isspace() or EMOJI.match(before) is not None
    return Found(end, "" if is_after_blank else " ", text[at:end])


def named(emoji: str, before: str) -> str:
    """Return an emoji as espeak-ng can name it, apart from its neighbours and once in a row; a smiley has no name.

    `before`: the character before it.
    """
    if _MODIFIER.match(emoji) or emoji == before or not EMOJI.match(emoji):
        return ""
    return f" {emoji} "


def is_perhaps_heart(text: str, at: int) -> bool:
    """Return whether a `<` begins a heart, or may once more text comes."""
    return bool(_HEART.match(text, at) or _PERHAPS_HEART.match(text, at))


def read_heart(text: str, at: int, *, is_whole: bool) -> Found | None:
    """Leave out a heart, `<3`, which is none before a small letter: "<3 people"."""
    if not is_whole and _PERHAPS_HEART.match(text, at):
        return None
    heart = _HEART.match(text, at)
    return Found(heart.end(), "", "❤") if heart else Found(at + 1, "<")


def read_smiley(text: str, at: int, before: str, is_whole: bool) -> Found | None:  # noqa: FBT001
    """Leave out a smiley, which espeak-ng would call a colon."""
    if not before.isspace():
        return Found(at + 1, text[at])
    if not is_whole and len(text) - at < _LONGEST_SMILEY and not re.search(r"\s", text[at:]):
        return None
    smiley = _SMILEY.match(text, at)
    return Found(smiley.end(), "", smiley[0]) if smiley else Found(at + 1, text[at])
